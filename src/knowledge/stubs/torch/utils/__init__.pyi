"""Utilities."""

from torch.utils import data
