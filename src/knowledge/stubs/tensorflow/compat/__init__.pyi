"""Versions of the API."""

from tensorflow.compat import v1
