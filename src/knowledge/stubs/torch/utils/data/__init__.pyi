"""Batches come from loaders as values of unknown content."""

from backprobe.primitives import unknown


class Dataset:
    def __getitem__(self, index): return unknown()


class IterableDataset(Dataset): ...


class TensorDataset(Dataset):
    def __init__(self, *tensors): ...


class Subset(Dataset):
    def __init__(self, dataset, indices): self.dataset = dataset


class ConcatDataset(Dataset):
    def __init__(self, datasets): ...


class DataLoader:
    def __init__(self, dataset, batch_size=1, shuffle=None, sampler=None, batch_sampler=None, num_workers=0, collate_fn=None,
                 pin_memory=False, drop_last=False, timeout=0, worker_init_fn=None, multiprocessing_context=None, generator=None, *,
                 prefetch_factor=None, persistent_workers=False, pin_memory_device='', in_order=True):
        self.dataset = dataset
        self.batch_size = batch_size
    def __iter__(self): return unknown()
    def __len__(self) -> int: ...


class Sampler: ...


class RandomSampler(Sampler):
    def __init__(self, data_source, replacement=False, num_samples=None, generator=None): ...


class SequentialSampler(Sampler):
    def __init__(self, data_source): ...


class SubsetRandomSampler(Sampler):
    def __init__(self, indices, generator=None): ...


class WeightedRandomSampler(Sampler):
    def __init__(self, weights, num_samples, replacement=True, generator=None): ...


class BatchSampler(Sampler):
    def __init__(self, sampler, batch_size, drop_last): ...


def random_split(dataset, lengths, generator=...): return unknown()
