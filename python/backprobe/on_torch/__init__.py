"""The checker for PyTorch. Its modules are imported only when the test has imported torch."""
