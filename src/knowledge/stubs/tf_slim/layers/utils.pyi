"""Named outputs."""

from backprobe.primitives import collect, collection
from backprobe.tensors import Plain


def collect_named_outputs(collections, alias, outputs):
    if collections is not None:
        collect(collections, outputs)
    return outputs
def append_tensor_alias(tensor, alias): return tensor
def convert_collection_to_dict(collection, clear_collection=False) -> Plain: ...
def smart_cond(pred, fn1, fn2, name=None):
    if pred:
        return fn1()
    return fn2()
