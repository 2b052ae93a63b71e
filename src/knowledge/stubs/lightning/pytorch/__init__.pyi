"""The same under its newer name.

Unverified: installed in no environment of the tests.
"""

from pytorch_lightning import *
from lightning.pytorch import callbacks, loggers
