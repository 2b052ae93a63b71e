"""The stubs of the graph API and of slim agree with the installed versions."""

import pytest

import stubs
from stubs import Definition, Stub

STUBS = stubs.stubs("tensorflow", "tf_slim")
DEFINITIONS = [definition for stub in STUBS for definition in stub.definitions()]


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda definition: definition.name)
def test_the_stub_has_the_signature_of_the_framework(definition: Definition):
    stubs.check(definition, installed(definition.name), list)


@pytest.mark.parametrize("stub", [stub for stub in STUBS if not stub.excused_whole], ids=lambda stub: stub.module)
def test_what_a_package_exports_exists(stub: Stub):
    for name, _ in stub.exports():
        if name not in stub.excused_names:
            stubs.resolve(installed(f"{stub.module}.{name}"))


def installed(name: str) -> str:
    """The name in the installed version: `tensorflow` stands for version 1 of its API."""
    package, _, rest = name.partition(".")
    if package != "tensorflow" or rest.startswith(("python", "compat")):
        return name
    return f"tensorflow.compat.v1.{rest}"
