"""The examples, and the assertions that tell the buggy from the fixed ones."""

from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List

ROOT = Path(__file__).resolve().parents[2]

KINDS = {
    ("single_unit_softmax", "keras"): ["assert_output_varies"],
    ("single_unit_softmax", "pytorch"): ["assert_output_varies"],
    ("single_unit_softmax", "tensorflow1"): ["assert_loss_depends_on"],
    ("tape_training_flag", "keras"): ["assert_statistics_moved"],
    ("training_flag", "flax"): ["assert_statistics_moved"],
    ("training_flag", "keras"): ["assert_deterministic"],
    ("training_flag", "pytorch"): ["assert_statistics_moved", "assert_deterministic"],
    ("training_flag", "tensorflow1"): ["assert_statistics_moved", "assert_random_in_training"],
    ("unstacked_layer", "flax"): ["assert_trained"],
    ("unstacked_layer", "keras"): ["assert_trained"],
    ("unstacked_layer", "pytorch"): ["assert_trained"],
    ("unstacked_layer", "tensorflow1"): ["assert_trained"],
    ("wrong_parameters", "keras"): ["assert_untouched"],
    ("wrong_parameters", "pytorch"): ["assert_trained"],
    ("wrong_parameters", "tensorflow1"): ["assert_untouched"],
}
TRAINED = {
    ("single_unit_softmax", "keras"): ["spam_filter"],
    ("single_unit_softmax", "pytorch"): ["SpamFilter", "train"],
    ("single_unit_softmax", "tensorflow1"): ["spam_loss"],
    ("tape_training_flag", "keras"): ["Recogniser", "train"],
    ("training_flag", "flax"): ["DigitClassifier"],
    ("training_flag", "keras"): ["DigitClassifier", "train"],
    ("training_flag", "pytorch"): ["PriceModel", "train"],
    ("training_flag", "tensorflow1"): ["price_model"],
    ("unstacked_layer", "flax"): ["DigitClassifier"],
    ("unstacked_layer", "keras"): ["digit_classifier", "train"],
    ("unstacked_layer", "pytorch"): ["DigitClassifier", "train"],
    ("unstacked_layer", "tensorflow1"): ["digit_classifier"],
    ("wrong_parameters", "keras"): ["Players"],
    ("wrong_parameters", "pytorch"): ["Generator", "Discriminator", "Players"],
    ("wrong_parameters", "tensorflow1"): ["generator", "discriminator", "Players"],
}
"""What a training test can be written for that needs nothing to be filled in."""
ENVIRONMENTS = {"pytorch": "modern", "keras": "modern", "flax": "modern", "tensorflow1": "tf1"}


@dataclass(frozen=True)
class Example:
    """One bug in one framework, with its fixed twin."""

    name: str
    incorrect: Dict[str, str]
    correct: Dict[str, str]
    kinds: List[str]
    trained: List[str]


def examples(environment: str) -> List[Example]:
    """The examples whose framework an environment has; both twins are one module, so that one test fits both."""
    found = []
    for path in sorted((ROOT / "examples").glob("*/buggy_*.py")):
        framework = path.stem.removeprefix("buggy_")
        if ENVIRONMENTS[framework] == environment:
            fixed = path.with_name(f"fixed_{framework}.py")
            module = f"{path.parent.name}.py"
            key = (path.parent.name, framework)
            twins = {module: path.read_text()}, {module: fixed.read_text()}
            found.append(Example(f"{path.parent.name}/{framework}", *twins, KINDS[key], TRAINED[key]))
    return found
