import tensorflow.compat.v1 as tf


def block(images, filters, units, training):
    net = tf.layers.conv2d(images, filters, 3)
    net = tf.layers.conv2d(net, filters=filters * 2, kernel_size=3)
    net = tf.layers.batch_normalization(net, training=training)
    return tf.layers.dense(tf.layers.flatten(net), units)


def weighed(numbers, width):
    return tf.layers.dense(numbers, width) * width


def as_wide(numbers, others):
    return tf.layers.dense(numbers, tf.shape(others)[1]) + others


def train(images, filters, rate):
    net = tf.layers.conv2d(images, filters, 3)
    step = tf.train.AdamOptimizer(rate).minimize(tf.reduce_mean(net))
    return step
