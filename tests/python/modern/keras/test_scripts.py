"""Flat scripts of Keras, run as they are."""

import pytest
from outcomes import proved

import backprobe

SCRIPT = """
import keras
import numpy as np

keras.utils.set_random_seed(0)
inputs = keras.Input((5,))
hidden = keras.layers.Dense(6, activation="tanh", name="first")(inputs)
hidden = keras.layers.Dense(6, activation="tanh", name="second")(INPUT)
model = keras.Model(inputs, keras.layers.BatchNormalization()(keras.layers.Dense(3)(hidden)))
model.compile("adam", "mse")
model.fit(np.random.randn(32, 5), np.random.randn(32, 3), batch_size=8, epochs=2, verbose=0)
"""


@pytest.mark.parametrize("planted", [False, True])
def test_a_script_is_judged(planted, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "train.py").write_text(SCRIPT.replace("INPUT", "inputs" if planted else "hidden"))
    step = backprobe.run_script("train.py")
    step.assert_statistics_moved()
    if planted:
        with proved("assert_trained", "2 of 8", "first/kernel: absent from the model", "train.py:7"):
            step.assert_trained()
    else:
        step.assert_trained()
