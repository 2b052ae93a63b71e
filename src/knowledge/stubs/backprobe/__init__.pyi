"""What stubs are written in: primitives, the vocabulary of tensors, values of unknown content."""
