"""Learns to draw numbers like those it is shown. Each optimizer holds its own player."""
import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()


def generator(noise):
    with tf.variable_scope("generator"):
        hidden = tf.layers.dense(noise, 32, activation=tf.nn.relu, name="hidden")
        return tf.layers.dense(hidden, 8, name="numbers")


def discriminator(numbers, reuse=False):
    with tf.variable_scope("discriminator", reuse=reuse):
        hidden = tf.layers.dense(numbers, 32, activation=tf.nn.relu, name="hidden")
        return tf.layers.dense(hidden, 1, name="realness")


def cross_entropy(logits, is_real):
    labels = tf.ones_like(logits) if is_real else tf.zeros_like(logits)
    return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits))


def train(steps=500):
    real = tf.placeholder(tf.float32, [None, 8], name="real")
    noise = tf.placeholder(tf.float32, [None, 16], name="noise")
    fake = generator(noise)
    real_logits = discriminator(real)
    fake_logits = discriminator(fake, reuse=True)

    discriminator_loss = cross_entropy(real_logits, True) + cross_entropy(fake_logits, False)
    generator_loss = cross_entropy(fake_logits, True)
    discriminator_variables = tf.trainable_variables("discriminator")
    generator_variables = tf.trainable_variables("generator")
    discriminator_step = tf.train.AdamOptimizer(1e-3).minimize(discriminator_loss, var_list=discriminator_variables)
    generator_step = tf.train.AdamOptimizer(1e-3).minimize(generator_loss, var_list=generator_variables)

    random = np.random.RandomState(0)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for step in range(steps):
            batch = {real: 3 + random.randn(64, 8), noise: random.randn(64, 16)}
            session.run(discriminator_step, feed_dict=batch)
            _, numbers = session.run([generator_step, fake], feed_dict=batch)
            if step % 100 == 0:
                print("step {}: mean of the fakes {:.4f}, of the real 3".format(step, numbers.mean()))


if __name__ == "__main__":
    train()
