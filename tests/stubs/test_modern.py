"""The stubs of torch, Keras, JAX and Flax agree with the installed versions."""

import ast
import inspect
from functools import cache
from pathlib import Path

import pytest
import torch

import stubs
from stubs import Definition, Parameter, Stub

STUBS = stubs.stubs("torch", "pytorch_lightning", "lightning", "keras", "jax", "flax", "optax")
DEFINITIONS = [definition for stub in STUBS for definition in stub.definitions()]

# Where a stub keeps what is public elsewhere: as older versions have it, or as the framework has it inside.
INTERNAL = {f"keras.layers.{module.stem}": "keras.layers" for module in (stubs.STUBS / "keras" / "layers").glob("[a-z]*.pyi")}
INTERNAL |= {"keras.engine.base_layer": "keras.layers", "flax.linen.layers": "flax.linen", "flax.linen.module": "flax.linen"}

# Where the wheel says what its built-in functions take.
WRITTEN = ["_C/_VariableFunctions.pyi", "nn/functional.pyi", "_C/_nn.pyi", "_C/__init__.pyi"]


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda definition: definition.name)
def test_the_stub_has_the_signature_of_the_framework(definition: Definition):
    stubs.check(definition, installed(definition.name), lambda: hidden(definition))


@pytest.mark.parametrize("stub", [stub for stub in STUBS if not stub.excused_whole], ids=lambda stub: stub.module)
def test_what_a_package_exports_exists(stub: Stub):
    for name, _ in stub.exports():
        if name not in stub.excused_names:
            stubs.resolve(f"{stub.module}.{name}")


def installed(name: str) -> str:
    """The public name of what a stub keeps in a module as older versions, or the framework itself, have it."""
    for internal, public in INTERNAL.items():
        if name.startswith(f"{internal}."):
            return name.replace(internal, public, 1)
    return name


def hidden(definition: Definition) -> list[list[Parameter]]:
    """The signatures of an object that does not tell them itself."""
    if definition.path[0] == "Tensor":
        return written("TensorBase", definition.path[-1])
    try:
        # Functions that return indices on demand are made of two that have signatures.
        return stubs.signatures(f"{definition.name}_with_indices")
    except LookupError:
        found = stubs.resolve(definition.name)
        return written(None, definition.path[-1]) or written(None, getattr(found, "__name__", ""))


@cache
def written(owner: str | None, name: str) -> list[list[Parameter]]:
    """The overloads that the `.pyi` files of the wheel state."""
    for path in WRITTEN:
        body = parsed(path).body
        if owner:
            body = next((node.body for node in body if isinstance(node, ast.ClassDef) and node.name == owner), [])
        overloads = [node for node in body if isinstance(node, ast.FunctionDef) and node.name == name]
        if overloads:
            return [stubs.parameters_of(node.args) for node in overloads]
    return []


@cache
def parsed(path: str) -> ast.Module:
    return ast.parse((Path(inspect.getfile(torch)).parent / path).read_text())
