"""Reads the stubs and compares what they define with the installed framework.

A stub says names, order, kinds and defaults of parameters; all of them must be the framework's. What cannot be compared is listed in
the stub itself, in a docstring: `Unverified: name, name: reason`, or `Unverified: reason` for the whole module, class or function.
"""

import ast
import importlib
import inspect
import typing
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

STUBS = Path(__file__).resolve().parents[2] / "src" / "knowledge" / "stubs"

# A default that the stub does not spell out (an initializer, a data type): `...`, or a name of its own that stands for it.
UNSAID = object()


@dataclass(frozen=True)
class Parameter:
    name: str
    kind: inspect._ParameterKind
    default: object = inspect.Parameter.empty

    @property
    def is_required(self) -> bool:
        return self.default is inspect.Parameter.empty and self.kind not in (
            inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


@dataclass(frozen=True)
class Definition:
    """A public function, method or property of a stub."""
    module: str
    path: tuple[str, ...]
    node: ast.FunctionDef
    excused: bool

    @property
    def name(self) -> str:
        return ".".join((self.module, *self.path))

    @property
    def is_property(self) -> bool:
        return "property" in self.decorators

    @property
    def decorators(self) -> list[str]:
        return [node.id for node in self.node.decorator_list if isinstance(node, ast.Name)]

    @property
    def parameters(self) -> list[Parameter]:
        return parameters_of(self.node.args)


class Stub:
    """One stub file."""

    def __init__(self, path: Path):
        parts = path.relative_to(STUBS).with_suffix("").parts
        self.is_package = parts[-1] == "__init__"
        self.module = ".".join(parts[:-1] if self.is_package else parts)
        self.tree = ast.parse(path.read_text())
        self.excused_whole, self.excused_names = unverified(self.tree)
        self.classes = {node.name: node for node in self.tree.body if isinstance(node, ast.ClassDef)}

    def definitions(self) -> list[Definition]:
        found = []
        for node in self.tree.body:
            if isinstance(node, ast.FunctionDef) and is_public(node.name):
                found.append(self.definition((node.name,), node))
            if isinstance(node, ast.ClassDef) and is_public(node.name):
                found += self.members(node)
        return found

    def members(self, owner: ast.ClassDef) -> list[Definition]:
        """Methods of a class, and those that it has from the stub's own private base classes."""
        whole, names = unverified(owner)
        methods = {}
        for node in self.lineage(owner):
            for member in node.body:
                if isinstance(member, ast.FunctionDef) and (is_public(member.name) or is_dunder(member.name)):
                    methods.setdefault(member.name, member)
        excused = whole or owner.name in self.excused_names
        return [self.definition((owner.name, name), node, excused or name in names) for name, node in methods.items()]

    def lineage(self, owner: ast.ClassDef) -> list[ast.ClassDef]:
        line = [owner]
        for base in owner.bases:
            if isinstance(base, ast.Name) and base.id.startswith("_"):
                stub = self if base.id in self.classes else self.imported(base.id)
                line += stub.lineage(stub.classes[base.id]) if stub else []
        return line

    def imported(self, name: str) -> "Stub | None":
        """The stub of a framework from which a name is imported."""
        imports = [node for node in self.tree.body if isinstance(node, ast.ImportFrom)]
        module = next((node.module for node in imports if name in [alias.name for alias in node.names]), None)
        path = STUBS.joinpath(*module.split(".")).with_suffix(".pyi") if module else None
        return Stub(path) if path and path.exists() else None

    def definition(self, path: tuple[str, ...], node: ast.FunctionDef, excused: bool = False) -> Definition:
        whole, _ = unverified(node)
        return Definition(self.module, path, node, excused or whole or self.excused_whole or path[0] in self.excused_names)

    def exports(self) -> list[tuple[str, str]]:
        """What a package makes public by importing it: (name, where it comes from)."""
        if not self.is_package:
            return []
        nodes = [node for node in self.tree.body if isinstance(node, ast.ImportFrom) and not node.module.startswith("backprobe")]
        found = [(alias.asname or alias.name, node.module) for node in nodes for alias in node.names]
        return [(name, module) for name, module in found if name not in ("*", "Tensor") and is_public(name)]


def stubs(*roots: str) -> list[Stub]:
    """The stubs of these packages."""
    return [Stub(path) for root in roots for path in sorted((STUBS / root).rglob("*.pyi"))]


def unverified(node: ast.AST) -> tuple[bool, set[str]]:
    """What the docstring excuses: the whole, or some names."""
    lines = [line for line in (ast.get_docstring(node) or "").splitlines() if line.startswith("Unverified: ")]
    whole, names = False, set()
    for line in lines:
        rest = line.removeprefix("Unverified: ")
        listed, found, _ = rest.partition(": ")
        if found and all(name.strip().isidentifier() for name in listed.split(",")):
            names |= {name.strip() for name in listed.split(",")}
        else:
            whole = True
    return whole, names


def is_public(name: str) -> bool:
    return not name.startswith("_")


def is_dunder(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")


def parameters_of(arguments: ast.arguments) -> list[Parameter]:
    """The parameters of a function in a stub or `.pyi` file."""
    found = []
    positional = [(each, inspect.Parameter.POSITIONAL_ONLY) for each in arguments.posonlyargs]
    positional += [(each, inspect.Parameter.POSITIONAL_OR_KEYWORD) for each in arguments.args]
    defaults = [None] * (len(positional) - len(arguments.defaults)) + arguments.defaults
    for (each, kind), default in zip(positional, defaults):
        found.append(Parameter(each.arg, kind, value_of(default)))
    if arguments.vararg:
        found.append(Parameter(arguments.vararg.arg, inspect.Parameter.VAR_POSITIONAL))
    for each, default in zip(arguments.kwonlyargs, arguments.kw_defaults):
        found.append(Parameter(each.arg, inspect.Parameter.KEYWORD_ONLY, value_of(default)))
    if arguments.kwarg:
        found.append(Parameter(arguments.kwarg.arg, inspect.Parameter.VAR_KEYWORD))
    return found


def value_of(default: ast.expr | None) -> object:
    if default is None:
        return inspect.Parameter.empty
    try:
        value = ast.literal_eval(default)
        return UNSAID if value is ... else value
    except ValueError:
        if isinstance(default, ast.Name) and not is_public(default.id):
            return UNSAID
        return Named(ast.unparse(default).rpartition(".")[2])


@dataclass(frozen=True)
class Named:
    """A default that is a function or constant, known by its name."""
    name: str


def resolve(name: str) -> object:
    """The object with this qualified name. Raises LookupError if there is none."""
    first, *rest = name.split(".")
    try:
        found, path = importlib.import_module(first), first
    except ImportError as error:
        raise LookupError(f"{first} is not installed") from error
    for part in rest:
        path = f"{path}.{part}"
        try:
            # A class is asked without binding, so that static methods and properties are found as they are.
            found = inspect.getattr_static(found, part) if isinstance(found, type) else getattr(found, part)
        except AttributeError:
            try:
                found = importlib.import_module(path)
            except ImportError as error:
                raise LookupError(f"{name} does not exist") from error
    return found


def signatures(name: str) -> list[list[Parameter]]:
    """What the function, method or class with this name accepts, as far as it can say."""
    owner, _, last = name.rpartition(".")
    found = resolve(name)
    if isinstance(found, type):
        return [signature[1:] for signature in made_by(found)]
    if last == "__init__":
        return made_by(resolve(owner))
    if last == "__call__":
        # A framework's `__call__` takes everything and hands it on to `call`.
        return told_by(found) + (told_by(resolve(f"{owner}.call")) if hasattr(resolve(owner), "call") else [])
    return told_by(found)


def made_by(owner: type) -> list[list[Parameter]]:
    """What makes an instance, the instance included."""
    makers = [signature for maker in (owner.__init__, owner.__new__) for signature in told_by(maker)]
    return [
        [replace(each, name="self") if each.name in ("_cls", "cls") else each for each in signature] for signature in makers if signature
    ]


def told_by(found: object) -> list[list[Parameter]]:
    """The signature of a function, and its overloads."""
    if isinstance(found, (staticmethod, classmethod)):
        found = found.__func__
    overloads = typing.get_overloads(found) if inspect.isfunction(found) else []
    told = []
    for each in [found, *overloads]:
        try:
            told.append([Parameter(p.name, p.kind, p.default) for p in inspect.signature(each).parameters.values()])
        except (TypeError, ValueError):
            continue
    return told


def says_nothing(signature: list[Parameter]) -> bool:
    """Whether everything is accepted, because the real parameters are hidden in an extension or a wrapper."""
    kinds = [each.kind for each in signature if each.name not in ("self", "cls", "_cls")]
    return kinds == [inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD]


def difference(stub: list[Parameter], overloads: list[list[Parameter]]) -> str | None:
    """Why the stub agrees with none of the overloads; None if it does with one.

    Where overloads differ in what may be left out, a stub may merge them: a parameter that an overload lacks has the default None.
    """
    useful = [each for each in overloads if not says_nothing(each)] or overloads
    reasons = [differs(stub, overload, useful) for overload in useful]
    return None if None in reasons else "; or ".join(reasons) or "the framework tells no signature"


def check(definition: Definition, name: str, overloads: Callable[[], list[list[Parameter]]]) -> None:
    """Asserts that a definition of a stub agrees with the framework's object `name`, or is excused and does not.

    `overloads` is asked where the object itself has no signature.
    """
    try:
        reason = disagreement(definition, name, overloads)
    except LookupError as error:
        reason = str(error)
    if definition.excused:
        assert reason, "it is listed as unverified, but agrees"
    else:
        assert not reason, reason


def disagreement(definition: Definition, name: str, overloads: Callable[[], list[list[Parameter]]]) -> str | None:
    if definition.is_property:
        resolve(name)
        return None
    told = signatures(name)
    if all(says_nothing(signature) for signature in told):
        told = overloads() or told
    return difference(definition.parameters, told)


def differs(stub: list[Parameter], real: list[Parameter], overloads: list[list[Parameter]]) -> str | None:
    ours, ours_by_name = split(stub)
    theirs, theirs_by_name = split(real)
    if [(p.name, p.kind) for p in ours] != [(p.name, p.kind) for p in theirs]:
        return f"parameters are {shown(real)}, not {shown(stub)}"
    for mine, other in zip(ours, theirs):
        if not same_default(mine, other) and not may_be_missing(mine, overloads):
            return f"the default of `{mine.name}` is {shown([other])}, not {shown([mine])}"
    missing = theirs_by_name.keys() - ours_by_name.keys()
    if missing:
        return f"keyword parameters {sorted(missing)} are missing"
    for name, mine in ours_by_name.items():
        others = [p for overload in overloads for p in overload if p.name == name and p.kind == mine.kind]
        if not any(same_default(mine, other) or (other.is_required and mine.default is None) for other in others):
            return f"the keyword parameter `{name}` is {shown(others) or 'unknown'}, not {shown([mine])}"
    return None


def split(signature: list[Parameter]) -> tuple[list[Parameter], dict[str, Parameter]]:
    """What is told apart by position, and what by name."""
    keywords = {p.name: p for p in signature if p.kind is inspect.Parameter.KEYWORD_ONLY}
    return [p for p in signature if p.name not in keywords], keywords


def may_be_missing(mine: Parameter, overloads: list[list[Parameter]]) -> bool:
    if any(p.name == mine.name and same_default(mine, p) for overload in overloads for p in overload):
        return True
    return mine.default is None and any(all(p.name != mine.name for p in overload) for overload in overloads)


def same_default(mine: Parameter, other: Parameter) -> bool:
    if other.default is inspect.Parameter.empty or mine.default is inspect.Parameter.empty:
        return other.default is mine.default
    if other.default is UNSAID:
        # The `.pyi` files of a wheel may keep a default to themselves.
        return True
    if mine.default is UNSAID:
        return not isinstance(other.default, (bool, int, float, str, type(None)))
    if isinstance(mine.default, Named):
        return other.default == mine.default or getattr(other.default, "__name__", None) == mine.default.name
    if isinstance(mine.default, (list, tuple)) and isinstance(other.default, (list, tuple)):
        return list(mine.default) == list(other.default)
    return type(mine.default) is type(other.default) and mine.default == other.default


def shown(signature: list[Parameter]) -> str:
    marks = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}
    empty = inspect.Parameter.empty
    return ", ".join(marks.get(p.kind, "") + p.name + ("" if p.default is empty else f"={p.default!r}") for p in signature)
