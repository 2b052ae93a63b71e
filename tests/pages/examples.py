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
    ("wrong_parameters", "pytorch"): ["assert_trained"],
    ("wrong_parameters", "tensorflow1"): ["assert_untouched"],
}
ENVIRONMENTS = {"pytorch": "modern", "keras": "modern", "flax": "modern", "tensorflow1": "tf1"}


@dataclass(frozen=True)
class Example:
    """One bug in one framework, with its fixed twin."""

    name: str
    incorrect: Dict[str, str]
    correct: Dict[str, str]
    kinds: List[str]


def examples(environment: str) -> List[Example]:
    """The examples whose framework an environment has; both twins are one module, so that one test fits both."""
    found = []
    for path in sorted((ROOT / "examples").glob("*/buggy_*.py")):
        framework = path.stem.removeprefix("buggy_")
        if ENVIRONMENTS[framework] == environment:
            fixed = path.with_name(f"fixed_{framework}.py")
            module = f"{path.parent.name}.py"
            kinds = KINDS[path.parent.name, framework]
            found.append(Example(f"{path.parent.name}/{framework}", {module: path.read_text()}, {module: fixed.read_text()}, kinds))
    return found
