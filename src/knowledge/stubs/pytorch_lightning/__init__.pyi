"""Modules that say what a training step is, and the trainer that runs it.

Unverified: installed in no environment of the tests; taken from the documentation of version 2.5.
"""

from backprobe.primitives import event, observe, unknown
from backprobe.tensors import Plain
from pytorch_lightning import callbacks, loggers
from torch import no_grad
from torch._tensor import Tensor
from torch.nn import Module
from torch.optim import Optimizer


class LightningModule(Module):
    automatic_optimization = True

    def __init__(self, *args, **kwargs): ...

    # What a subclass defines and the trainer calls.
    def training_step(self, *args, **kwargs): ...
    def validation_step(self, *args, **kwargs): ...
    def test_step(self, *args, **kwargs): ...
    def predict_step(self, *args, **kwargs): return self(*args)
    def configure_optimizers(self): return None
    def on_train_start(self): ...
    def on_train_epoch_start(self): ...
    def on_train_epoch_end(self): ...
    def on_validation_epoch_end(self): ...

    # What a subclass calls.
    def log(self, name, value, prog_bar=False, logger=None, on_step=None, on_epoch=None, reduce_fx='mean', enable_graph=False,
            sync_dist=False,
            sync_dist_group=None, add_dataloader_idx=True, batch_size=None, metric_attribute=None, rank_zero_only=False) -> None: ...
    def log_dict(self, dictionary, prog_bar=False, logger=None, on_step=None, on_epoch=None, reduce_fx='mean', enable_graph=False,
                 sync_dist=False, sync_dist_group=None, add_dataloader_idx=True, batch_size=None, rank_zero_only=False) -> None: ...
    def print(self, *args, **kwargs) -> None: ...
    def save_hyperparameters(self, *args, ignore=None, frame=None, logger=True) -> None: ...
    def manual_backward(self, loss, *args, **kwargs): event("backward", loss)
    def optimizers(self, use_pl_optimizer=True): return _optimizers(self.configure_optimizers())
    def lr_schedulers(self) -> Plain: ...
    def toggle_optimizer(self, optimizer) -> None: ...
    def untoggle_optimizer(self, optimizer) -> None: ...
    def clip_gradients(self, optimizer, gradient_clip_val=None, gradient_clip_algorithm=None): event("clip", optimizer)
    def freeze(self):
        self.requires_grad_(False)
        self.eval()
    def unfreeze(self):
        self.requires_grad_(True)
        self.train()
    @property
    def hparams(self): return unknown()
    @property
    def trainer(self): return unknown()
    @property
    def logger(self) -> Plain: ...
    @property
    def device(self) -> Plain: ...
    @property
    def global_step(self) -> int: ...
    @property
    def current_epoch(self) -> int: ...


class LightningDataModule:
    def __init__(self): ...
    def prepare_data(self): ...
    def setup(self, stage): ...
    def train_dataloader(self): return unknown()
    def val_dataloader(self): return unknown()
    def test_dataloader(self): return unknown()


def _optimizers(configured):
    """The optimizers in what `configure_optimizers` returns: one, a dict, several, or two lists."""
    if isinstance(configured, Optimizer):
        return [configured]
    if isinstance(configured, dict):
        return [configured["optimizer"]]
    if isinstance(configured[0], (list, tuple)):
        return configured[0]
    return [each["optimizer"] if isinstance(each, dict) else each for each in configured]


class Trainer:
    def __init__(self, *, accelerator='auto', strategy='auto', devices='auto', num_nodes=1, precision=None, logger=None, callbacks=None,
                 fast_dev_run=False, max_epochs=None, min_epochs=None, max_steps=-1, min_steps=None, max_time=None,
                 limit_train_batches=None,
                 limit_val_batches=None, limit_test_batches=None, limit_predict_batches=None, overfit_batches=0.0, val_check_interval=None,
                 check_val_every_n_epoch=1, num_sanity_val_steps=None, log_every_n_steps=None, enable_checkpointing=None,
                 enable_progress_bar=None, enable_model_summary=None, accumulate_grad_batches=1, gradient_clip_val=None,
                 gradient_clip_algorithm=None, deterministic=None, benchmark=None, inference_mode=True, use_distributed_sampler=True,
                 profiler=None, detect_anomaly=False, barebones=False, plugins=None, sync_batchnorm=False,
                 reload_dataloaders_every_n_epochs=0, default_root_dir=None):
        self.gradient_clip_val = gradient_clip_val

    def fit(self, model, train_dataloaders=None, val_dataloaders=None, datamodule=None, ckpt_path=None):
        optimizers = _optimizers(model.configure_optimizers())
        for batch in unknown(train_dataloaders, datamodule):
            model.train()
            if model.automatic_optimization:
                for optimizer in optimizers:
                    optimizer.zero_grad()
                    result = model.training_step(batch, 0)
                    loss = result["loss"] if isinstance(result, dict) else result
                    event("backward", loss)
                    if self.gradient_clip_val is not None:
                        event("clip", optimizer)
                    optimizer.step()
            else:
                model.training_step(batch, 0)
            model.eval()
            with no_grad():
                model.validation_step(batch, 0)

    def validate(self, model=None, dataloaders=None, ckpt_path=None, verbose=True, datamodule=None):
        model.eval()
        with no_grad():
            return model.validation_step(unknown(dataloaders, datamodule), 0)

    def test(self, model=None, dataloaders=None, ckpt_path=None, verbose=True, datamodule=None):
        model.eval()
        with no_grad():
            return model.test_step(unknown(dataloaders, datamodule), 0)

    def predict(self, model=None, dataloaders=None, datamodule=None, return_predictions=None, ckpt_path=None):
        model.eval()
        with no_grad():
            return model.predict_step(unknown(dataloaders, datamodule), 0)


def seed_everything(seed=None, workers=False, verbose=True) -> int: ...
