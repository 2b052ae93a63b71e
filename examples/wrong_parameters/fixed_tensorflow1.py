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


class Players:
    def __init__(self):
        self.real = tf.placeholder(tf.float32, [None, 8], name="real")
        self.noise = tf.placeholder(tf.float32, [None, 16], name="noise")
        self.fake = generator(self.noise)
        on_real = discriminator(self.real)
        on_fake = discriminator(self.fake, reuse=True)
        discriminator_loss = tf.reduce_mean(tf.nn.softplus(-on_real)) + tf.reduce_mean(tf.nn.softplus(on_fake))
        generator_loss = tf.reduce_mean(tf.nn.softplus(-on_fake))
        discriminator_variables = tf.trainable_variables("discriminator")
        generator_variables = tf.trainable_variables("generator")
        self.discriminator_step = tf.train.AdamOptimizer(1e-3).minimize(discriminator_loss, var_list=discriminator_variables)
        self.generator_step = tf.train.AdamOptimizer(1e-3).minimize(generator_loss, var_list=generator_variables)


def train(steps=500):
    players = Players()
    random = np.random.RandomState(0)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for step in range(steps):
            batch = {players.real: 3 + random.randn(64, 8), players.noise: random.randn(64, 16)}
            session.run(players.discriminator_step, feed_dict=batch)
            _, fake = session.run([players.generator_step, players.fake], feed_dict=batch)
            if step % 100 == 0:
                print("step {}: mean of the fakes {:.4f}, of the real 3".format(step, fake.mean()))


if __name__ == "__main__":
    train()
