"""The checker for JAX: plain functions of parameters, Flax linen, optax, and Flax NNX. Imported only when the test has imported JAX."""
