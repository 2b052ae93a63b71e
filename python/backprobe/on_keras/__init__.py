"""The checker for Keras 3 on TensorFlow, PyTorch and JAX. Its modules are imported only when the test has imported Keras."""
