"""The same under its newer name.

Unverified: installed in no environment of the tests.
"""

from lightning import pytorch
from lightning.pytorch import LightningDataModule, LightningModule, Trainer, callbacks, loggers, seed_everything
