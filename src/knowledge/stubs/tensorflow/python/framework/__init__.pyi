"""Graphs and tensors."""

from tensorflow.python.framework import ops
