"""Arguments that calls take from their surroundings."""

from backprobe.primitives import accepts_arg_scope, ambient, pop, push


class _Scopes:
    """All arg scopes that were in force when it was made."""
    def __init__(self, entries): self.entries = entries


class _ArgScope:
    def __init__(self, entries): self.entries = entries
    def __enter__(self):
        push("arguments", self.entries)
        return _Scopes(self.entries)
    def __exit__(self, *exception): pop("arguments")


def arg_scope(list_ops_or_scope, **kwargs):
    if isinstance(list_ops_or_scope, _Scopes):
        return _ArgScope(list_ops_or_scope.entries)
    return _ArgScope((ambient("arguments") or []) + [(list_ops_or_scope, kwargs)])
def add_arg_scope(func): return accepts_arg_scope(func)
def current_arg_scope(): return _Scopes(ambient("arguments") or [])
def has_arg_scope(func) -> bool: ...
