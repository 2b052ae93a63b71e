"""Summaries look at values and change nothing."""

from backprobe.primitives import observe
from backprobe.tensors import Plain


def scalar(name, tensor, collections=None, family=None):
    observe(tensor)
    return _Summary()
def histogram(name, values, collections=None, family=None):
    observe(values)
    return _Summary()
def image(name, tensor, max_outputs=3, collections=None, family=None):
    observe(tensor)
    return _Summary()
def audio(name, tensor, sample_rate, max_outputs=3, collections=None, family=None):
    observe(tensor)
    return _Summary()
def text(name, tensor, collections=None):
    observe(tensor)
    return _Summary()
def tensor_summary(name, tensor, summary_description=None, collections=None, summary_metadata=None, family=None, display_name=None):
    observe(tensor)
    return _Summary()
def merge(inputs, collections=None, name=None) -> Plain: ...
def merge_all(key='summaries', scope=None, name=None) -> Plain: ...


class _Summary: ...


class FileWriter:
    def __init__(self, logdir, graph=None, max_queue=10, flush_secs=120, graph_def=None, filename_suffix=None, session=None): ...
    def add_summary(self, summary, global_step=None) -> None: ...
    def add_graph(self, graph, global_step=None, graph_def=None) -> None: ...
    def flush(self) -> None: ...
    def close(self) -> None: ...
