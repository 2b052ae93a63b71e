"""Reads TensorFlow graphs: what fetches depend on, which operations write variables. Never adds an operation, for a graph may be final."""

from __future__ import annotations

import os
import re
from typing import Any, Dict, FrozenSet, Iterable, Iterator, List, Mapping, Optional, Set

from backprobe import source_lines

_WRITER = re.compile(r"Apply|^(Resource)?Scatter|^Assign")
_GRADIENT_ARGUMENTS = ("grad", "delta")
_RESTORED = re.compile(r"^(Restore|Placeholder)")
_STATISTIC = re.compile(
    r"(^|/)(moving|running|population|pop)_?(mean|avg|average|var|variance|std)(_\d+)?$|moments?/.*ExponentialMovingAverage$"
)
_DATA = re.compile(r"^Placeholder|Iterator|Dequeue|^(Eager)?PyFunc|Random|Multinomial|Reader")
_RECTIFIERS = ("Relu", "Relu6")
_LIBRARIES = re.compile(r"[\\/](tensorflow|tensorflow_core|tf_slim|keras|tf_keras)[\\/]|[\\/]importlib[\\/]|^<frozen")


def operations(fetches: Any, graph: Any) -> List[Any]:
    """The operations behind fetches, nested as `Session.run` takes them."""
    if fetches is None:
        return []
    if isinstance(fetches, Mapping):
        return [operation for key in fetches for operation in operations(fetches[key], graph)]
    if isinstance(fetches, (list, tuple)):
        return [operation for item in fetches for operation in operations(item, graph)]
    parts = [getattr(fetches, part, None) for part in ("values", "indices", "dense_shape")]
    if parts[0] is not None and parts[1] is not None:
        # Sparse tensors and slices of a gradient.
        return [part.op for part in parts if part is not None]
    element = graph.as_graph_element(fetches, allow_tensor=True, allow_operation=True)
    return [getattr(element, "op", element)]


def ancestors(roots: Iterable[Any], cut: FrozenSet[str] = frozenset()) -> Set[Any]:
    """The operations that run when `roots` are fetched, themselves included.

    Args:
        cut: names of tensors that are fed: what computes them does not run.
    """
    seen: Set[Any] = set()
    for _ in walk(roots, cut, seen):
        pass
    return seen


def walk(roots: Iterable[Any], cut: FrozenSet[str], seen: Set[Any]) -> Iterator[Any]:
    """The same, one by one in no particular order, so that a search can end early."""
    waiting = list(roots)
    while waiting:
        operation = waiting.pop()
        if operation in seen:
            continue
        seen.add(operation)
        yield operation
        waiting.extend(tensor.op for tensor in operation.inputs if tensor.name not in cut)
        waiting.extend(operation.control_inputs)


def trainable_variables(graph: Any) -> List[Any]:
    """The trainable variables, each once."""
    return _unique(graph.get_collection("trainable_variables"))


def statistics(graph: Any) -> List[Any]:
    """The running statistics of normalisation layers: variables that do not train, by their usual names."""
    trainable = {name_of(variable) for variable in trainable_variables(graph)}
    return [
        variable
        for variable in all_variables(graph)
        if name_of(variable) not in trainable and _STATISTIC.search(name_of(variable)) and variable.dtype.base_dtype.is_floating
    ]


def all_variables(graph: Any) -> List[Any]:
    """The variables a session has to initialise."""
    names = ("variables", "local_variables", "trainable_variables")
    return _unique(variable for name in names for variable in graph.get_collection(name))


def name_of(variable: Any) -> str:
    """The name with its scopes and without `:0`."""
    return str(variable.op.name)


def writers(graph: Any) -> Dict[str, List[Any]]:
    """The operations that write each variable, by its name; initialisers and what restores a saved value are none."""
    named = {name_of(variable): variable for variable in all_variables(graph)}
    initializers = {variable.initializer for variable in named.values()}
    found: Dict[str, List[Any]] = {}
    for operation in graph.get_operations():
        if _WRITER.search(operation.type) and operation not in initializers and len(operation.inputs):
            target = operation.inputs[0].op.name
            if target in named and not _is_restored(operation):
                found.setdefault(target, []).append(operation)
    return found


def gradient_of(writer: Any) -> Optional[Any]:
    """The tensor an optimizer's kernel applies; nothing where the operation is no such kernel."""
    if "Apply" not in writer.type:
        return None
    for argument, tensor in zip(writer.op_def.input_arg, writer.inputs):
        if argument.name in _GRADIENT_ARGUMENTS:
            return tensor
    return None


def reads_data(operation: Any) -> bool:
    """Whether the operation brings in data or random numbers."""
    return _DATA.search(operation.type) is not None


def rectifiers(running: Iterable[Any], graph: Any) -> List[Any]:
    """The outputs of rectifiers among the operations, as far as they can be fetched."""
    found = [operation.outputs[0] for operation in running if operation.type in _RECTIFIERS]
    return sorted((tensor for tensor in found if graph.is_fetchable(tensor)), key=lambda tensor: tensor.name)


def place_of(variable: Any) -> Optional[str]:
    """The line outside of libraries that created the variable."""
    traceback = list(getattr(variable.op, "traceback", None) or ())
    for frame in reversed(traceback):
        path, line = (frame.filename, frame.lineno) if hasattr(frame, "filename") else (frame[0], frame[1])
        if not _LIBRARIES.search(path) and os.path.exists(path):
            return source_lines.shown(path, line)
    return None


def _is_restored(writer: Any) -> bool:
    if len(writer.inputs) < 2:
        return False
    source = writer.inputs[1].op
    while source.type == "Identity":
        source = source.inputs[0].op
    return _RESTORED.search(source.type) is not None


def _unique(variables: Iterable[Any]) -> List[Any]:
    found: Dict[str, Any] = {}
    for variable in variables:
        # Collections may also hold what is no variable of this kind, such as partitioned ones.
        if hasattr(variable, "initializer") and hasattr(variable, "op"):
            found.setdefault(name_of(variable), variable)
    return list(found.values())
