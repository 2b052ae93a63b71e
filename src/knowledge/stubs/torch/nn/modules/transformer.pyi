"""Transformers: inputs and outputs have the width of the model."""

from backprobe.primitives import layer, like, observe, parameters, rank
from torch._tensor import Tensor
from torch.nn.modules.module import Module
from torch.nn.parameter import Parameter


class TransformerEncoderLayer(Module):
    def __init__(self, d_model, nhead, dim_feedforward=2048, dropout=0.1, activation=..., layer_norm_eps=1e-05, batch_first=False,
                 norm_first=False, bias=True, device=None, dtype=None):
        self.d_model = d_model
        self.weight = Parameter()
    def forward(self, src, src_mask=None, src_key_padding_mask=None, is_causal=False):
        observe(src_mask, src_key_padding_mask)
        return layer(src, parameters=parameters(self), features=self.d_model, axis=-1, rank=rank(src) or 3)


class TransformerDecoderLayer(Module):
    def __init__(self, d_model, nhead, dim_feedforward=2048, dropout=0.1, activation=..., layer_norm_eps=1e-05, batch_first=False,
                 norm_first=False, bias=True, device=None, dtype=None):
        self.d_model = d_model
        self.weight = Parameter()
    def forward(self, tgt, memory, tgt_mask=None, memory_mask=None, tgt_key_padding_mask=None, memory_key_padding_mask=None,
                tgt_is_causal=False, memory_is_causal=False):
        observe(tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask)
        return layer(tgt, memory, parameters=parameters(self), features=self.d_model, axis=-1, rank=rank(tgt) or 3)


class TransformerEncoder(Module):
    """Its layers are copies: the one that it is given stays outside."""
    def __init__(self, encoder_layer, num_layers, norm=None, enable_nested_tensor=True, mask_check=True):
        self.norm = norm
        self.weight = Parameter()
    def forward(self, src, mask=None, src_key_padding_mask=None, is_causal=None):
        observe(mask, src_key_padding_mask)
        output = layer(src, parameters=[self.weight], rank=rank(src))
        return output if self.norm is None else self.norm(output)


class TransformerDecoder(Module):
    def __init__(self, decoder_layer, num_layers, norm=None):
        self.norm = norm
        self.weight = Parameter()
    def forward(self, tgt, memory, tgt_mask=None, memory_mask=None, tgt_key_padding_mask=None, memory_key_padding_mask=None,
                tgt_is_causal=None, memory_is_causal=False):
        observe(tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask)
        output = layer(tgt, memory, parameters=[self.weight], rank=rank(tgt))
        return output if self.norm is None else self.norm(output)


class Transformer(Module):
    def __init__(self, d_model=512, nhead=8, num_encoder_layers=6, num_decoder_layers=6, dim_feedforward=2048, dropout=0.1, activation=...,
                 custom_encoder=None, custom_decoder=None, layer_norm_eps=1e-05, batch_first=False, norm_first=False, bias=True,
                 device=None, dtype=None):
        self.d_model = d_model
        self.weight = Parameter()
    def forward(self, src, tgt, src_mask=None, tgt_mask=None, memory_mask=None, src_key_padding_mask=None, tgt_key_padding_mask=None,
                memory_key_padding_mask=None, src_is_causal=None, tgt_is_causal=None, memory_is_causal=False):
        observe(src_mask, tgt_mask, memory_mask, src_key_padding_mask, tgt_key_padding_mask, memory_key_padding_mask)
        return layer(src, tgt, parameters=parameters(self), features=self.d_model, axis=-1, rank=rank(tgt) or 3)
