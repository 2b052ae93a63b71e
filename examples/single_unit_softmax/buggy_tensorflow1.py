"""Tells spam from mail. Softmax over one unit is always 1, so the loss does not depend on the network."""
import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()


def spam_loss(word_counts, is_spam):
    hidden = tf.layers.dense(word_counts, 32, activation=tf.nn.relu, name="hidden")
    logits = tf.layers.dense(hidden, 1, name="spam")
    return tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(labels=is_spam, logits=logits))


def train(steps=200):
    word_counts = tf.placeholder(tf.float32, [None, 500], name="word_counts")
    is_spam = tf.placeholder(tf.float32, [None, 1], name="is_spam")
    loss = spam_loss(word_counts, is_spam)
    train_op = tf.train.AdamOptimizer(1e-3).minimize(loss)

    random = np.random.RandomState(0)
    counts = random.randint(3, size=(256, 500))
    batch = {word_counts: counts, is_spam: counts[:, :1] > 0}
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for step in range(steps):
            _, value = session.run([train_op, loss], feed_dict=batch)
            if step % 50 == 0:
                print("step {}: loss {:.4f}".format(step, value))


if __name__ == "__main__":
    train()
