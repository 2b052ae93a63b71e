"""Vocabulary of annotations: what a stub says about the tensors that a function takes and makes.

On a parameter they state what the function expects, as the result they state what it makes.
`Same` as a result: features, rank and scale of the argument annotated `Same`.
"""


class Same: ...


class Logits:
    """Unbounded scores, one an alternative."""


class Probabilities:
    """In [0, 1]; over the last axis they sum to one, or stand each for itself."""


class LogProbabilities:
    """Logarithms of probabilities, at most zero."""


class Loss:
    """What training makes small: one number, or one an example."""


class ClassIndex:
    """Integers that number the classes."""


class Mask:
    """Which elements count."""


class Plain:
    """A value without gradient that is no tensor: a shape, a device, a file."""
