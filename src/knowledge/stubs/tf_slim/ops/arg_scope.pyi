"""Arguments that calls take from their surroundings."""

from backprobe.primitives import accepts_arg_scope, ambient, pop, push


class _Scopes:
    """All arg scopes that were in force when it was made."""
    def __init__(self, entries): self.entries = entries


class arg_scope:
    def __init__(self, list_ops_or_scope, **kwargs):
        if isinstance(list_ops_or_scope, _Scopes):
            self.entries = list_ops_or_scope.entries
        else:
            self.entries = (ambient("arguments") or []) + [(list_ops_or_scope, kwargs)]
    def __enter__(self):
        push("arguments", self.entries)
        return _Scopes(self.entries)
    def __exit__(self, *exception): pop("arguments")


def add_arg_scope(func): return accepts_arg_scope(func)
def current_arg_scope(): return _Scopes(ambient("arguments") or [])
def has_arg_scope(func) -> bool: ...
