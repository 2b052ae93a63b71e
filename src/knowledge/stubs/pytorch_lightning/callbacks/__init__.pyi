"""Callbacks watch the training.

Unverified: installed in no environment of the tests; taken from the documentation of version 2.5.
"""


class Callback: ...


class ModelCheckpoint(Callback):
    def __init__(self, *args, **kwargs): ...


class EarlyStopping(Callback):
    def __init__(self, *args, **kwargs): ...


class LearningRateMonitor(Callback):
    def __init__(self, *args, **kwargs): ...
