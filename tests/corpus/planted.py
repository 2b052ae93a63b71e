"""Bugs that are put by hand into real code: silence about a package must not be blindness."""

from typing import NamedTuple


class Planted(NamedTuple):
    """One change of one file, and the rule that must find it."""

    package: str
    path: str
    old: str
    new: str
    rule: str


PLANTED = [
    Planted(
        "dltk", "dltk/networks/segmentation/fcn.py",
        "    x2 = tf.layers.batch_normalization(\n        x2, training=mode == tf.estimator.ModeKeys.TRAIN)\n\n    # Return the element-wise sum",
        "    x2 = tf.layers.batch_normalization(x2)\n\n    # Return the element-wise sum",
        "batch-norm-without-training-flag",
    ),
    Planted(
        "opacus", "examples/mnist_lightning.py",
        "        x = F.relu(self.fc1(x))  # -> [B, 32]\n        x = self.fc2(x)",
        "        h = F.relu(self.fc1(x))  # -> [B, 32]\n        x = self.fc2(x)",
        "unstacked-layer",
    ),
    Planted(
        "opacus", "examples/mnist_lightning.py",
        "        x = F.relu(self.fc1(x))  # -> [B, 32]",
        "        x = F.dropout(F.relu(self.fc1(x)), 0.5)",
        "dropout-without-training-flag",
    ),
    Planted(
        "opacus", "examples/mnist_lightning.py",
        "        self.fc2 = nn.Linear(32, 10)",
        "        self.fc2 = nn.Linear(32, 1)",
        "single-unit-softmax",
    ),
]
