"""Recognises handwritten digits. Each layer takes the one before."""
import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()


def digit_classifier(pixels):
    hidden = tf.layers.dense(pixels, 64, activation=tf.nn.relu, name="hidden1")
    hidden = tf.layers.dense(hidden, 64, activation=tf.nn.relu, name="hidden2")
    return tf.layers.dense(hidden, 10, name="output")


def train(steps=200):
    pixels = tf.placeholder(tf.float32, [None, 64], name="pixels")
    digits = tf.placeholder(tf.int64, [None], name="digits")
    loss = tf.losses.sparse_softmax_cross_entropy(labels=digits, logits=digit_classifier(pixels))
    train_op = tf.train.AdamOptimizer(1e-3).minimize(loss)

    random = np.random.RandomState(0)
    batch = {pixels: random.rand(256, 64), digits: random.randint(10, size=256)}
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for step in range(steps):
            _, value = session.run([train_op, loss], feed_dict=batch)
            if step % 50 == 0:
                print("step {}: loss {:.4f}".format(step, value))


if __name__ == "__main__":
    train()
