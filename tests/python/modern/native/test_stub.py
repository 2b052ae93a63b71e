"""The typed face of the native module says what the module has."""

import ast
import inspect
from importlib.metadata import version
from pathlib import Path

import backprobe
from backprobe import _native

STUB = ast.parse(Path(backprobe.__path__[0], "_native.pyi").read_text())


def public(module):
    return {name for name in vars(module) if not name.startswith("_")}


def test_the_stub_names_what_the_module_has():
    definitions = {node.name for node in STUB.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    values = {node.target.id for node in STUB.body if isinstance(node, ast.AnnAssign)}
    assert definitions | values == public(_native)


def test_functions_take_what_the_stub_says():
    for node in STUB.body:
        if isinstance(node, ast.FunctionDef):
            parameters = inspect.signature(getattr(_native, node.name)).parameters
            assert [argument.arg for argument in node.args.args] == list(parameters)


def test_a_scan_has_the_fields_the_stub_says():
    fields = {node.name for kind in STUB.body if isinstance(kind, ast.ClassDef) for node in kind.body if isinstance(node, ast.FunctionDef)}
    assert fields == public(_native.Scan)


def test_module_and_wheel_have_one_version():
    assert _native.version == version("backprobe")
