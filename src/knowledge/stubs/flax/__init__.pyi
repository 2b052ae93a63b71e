"""Flax."""

from flax import linen
