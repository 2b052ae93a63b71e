"""The checker for TensorFlow 2 without Keras 3: `tf.Module`, and Keras 2, whose layers are modules. Its modules are imported only when the
test has imported TensorFlow."""
