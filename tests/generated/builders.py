import tensorflow.compat.v1 as tf
import tf_slim as slim

tf.disable_v2_behavior()


def lenet(images, num_classes, is_training=False, reuse=None):
    with tf.variable_scope("lenet", reuse=reuse):
        net = tf.layers.conv2d(images, 32, 5, padding="same", activation=tf.nn.relu)
        net = tf.layers.max_pooling2d(net, 2, 2)
        net = tf.layers.conv2d(net, 64, 5, padding="same", activation=tf.nn.relu)
        net = tf.layers.max_pooling2d(net, 2, 2)
        net = tf.reshape(net, [-1, 7 * 7 * 64])
        net = tf.layers.dropout(net, 0.4)
        return tf.layers.dense(net, num_classes)


def tagger(tokens, is_training):
    table = tf.get_variable("table", [1000, 32])
    embedded = tf.nn.embedding_lookup(table, tokens)
    net = slim.fully_connected(embedded, 64)
    net = slim.dropout(net, 0.5)
    return slim.fully_connected(net, 17, activation_fn=None)


class Regressor:
    def __init__(self, units):
        self.units = units

    def build(self, features, training):
        hidden = tf.layers.dense(features, self.units)
        hidden = tf.layers.batch_normalization(hidden)
        return {"price": tf.layers.dense(hidden, 1), "hidden": hidden}


class Network:
    def __call__(self, images, training):
        net = tf.layers.conv2d(images, 8, 3)
        net = tf.layers.dropout(net)
        return tf.layers.dense(tf.reduce_mean(net, [1, 2]), 4)


class Game:
    def __init__(self, size, noise_size=6):
        self.noise = tf.placeholder(tf.float32, [None, noise_size])
        self.real = tf.placeholder(tf.float32, [None, size])
        with tf.variable_scope("maker"):
            fake = tf.layers.dense(self.noise, size)
        judged = self.judge(fake)
        self.judge_step = tf.train.AdamOptimizer().minimize(tf.reduce_mean(judged - self.judge(self.real, reuse=True)))
        self.maker_step = tf.train.AdamOptimizer().minimize(-tf.reduce_mean(judged), var_list=tf.trainable_variables("maker"))

    def judge(self, numbers, reuse=None):
        with tf.variable_scope("judge", reuse=reuse):
            return tf.layers.dense(numbers, 1)


def train():
    images = tf.placeholder(tf.float32, [None, None, None, 3])
    labels = tf.placeholder(tf.int32, [None])
    logits = lenet(images, num_classes=10)
    loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits))
    step = tf.train.MomentumOptimizer(0.1, 0.9).minimize(loss)
    features = tf.placeholder(tf.float32, [None, 12])
    prices = Regressor(units=20).build(features, True)
    return step, prices
