"""The library that lives on as `tf_slim`.

Unverified: removed in version 2; what lives on as `tf_slim` is compared there.
"""

from tf_slim.losses import *
