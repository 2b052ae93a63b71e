"""The same under its newer name.

Unverified: installed in no environment of the tests.
"""

from pytorch_lightning.callbacks import *
