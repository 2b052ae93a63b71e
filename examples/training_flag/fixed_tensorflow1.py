"""Predicts house prices. Normalization and dropout are told whether the model trains."""
import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()


def price_model(houses, is_training):
    hidden = tf.layers.dense(houses, 32, name="hidden")
    hidden = tf.nn.relu(tf.layers.batch_normalization(hidden, training=is_training, name="norm"))
    hidden = tf.layers.dropout(hidden, rate=0.3, training=is_training)
    return tf.layers.dense(hidden, 1, name="price")


def train(steps=200):
    houses = tf.placeholder(tf.float32, [None, 12], name="houses")
    prices = tf.placeholder(tf.float32, [None, 1], name="prices")
    is_training = tf.placeholder_with_default(False, [], name="is_training")
    loss = tf.losses.mean_squared_error(labels=prices, predictions=price_model(houses, is_training))
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        train_op = tf.train.AdamOptimizer(1e-2).minimize(loss)

    random = np.random.RandomState(0)
    features = 5 + 3 * random.randn(256, 12)
    batch = {houses: features, prices: features.mean(axis=1, keepdims=True)}
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for _ in range(steps):
            session.run(train_op, feed_dict={**batch, is_training: True})
        [moving_mean] = [variable for variable in tf.global_variables() if "moving_mean" in variable.name]
        print("statistics for evaluation:", session.run(moving_mean)[:4])


if __name__ == "__main__":
    train()
