"""Layers, losses and containers."""

from torch.nn.modules.module import Module
from torch.nn.modules.container import Sequential, ModuleList, ParameterList, ModuleDict, ParameterDict
from torch.nn.modules.linear import Identity, Linear, LazyLinear, Bilinear
from torch.nn.modules.conv import (
    Conv1d, Conv2d, Conv3d, ConvTranspose1d, ConvTranspose2d, ConvTranspose3d, LazyConv1d, LazyConv2d, LazyConv3d, LazyConvTranspose1d,
    LazyConvTranspose2d, LazyConvTranspose3d,
)
from torch.nn.modules.batchnorm import (
    BatchNorm1d, BatchNorm2d, BatchNorm3d, SyncBatchNorm, LazyBatchNorm1d, LazyBatchNorm2d, LazyBatchNorm3d,
)
from torch.nn.modules.instancenorm import (
    InstanceNorm1d, InstanceNorm2d, InstanceNorm3d, LazyInstanceNorm1d, LazyInstanceNorm2d, LazyInstanceNorm3d,
)
from torch.nn.modules.normalization import LayerNorm, RMSNorm, GroupNorm, LocalResponseNorm, CrossMapLRN2d
from torch.nn.modules.dropout import Dropout, Dropout1d, Dropout2d, Dropout3d, AlphaDropout, FeatureAlphaDropout
from torch.nn.modules.activation import (
    ReLU, ReLU6, LeakyReLU, RReLU, ELU, CELU, SELU, GELU, SiLU, Mish, Hardtanh, Hardswish, Hardshrink, Softshrink, Tanhshrink, Softplus,
    Softsign, Tanh, LogSigmoid, Threshold, PReLU, GLU, Sigmoid, Hardsigmoid, Softmax, LogSoftmax, Softmin, Softmax2d, MultiheadAttention,
)
from torch.nn.modules.pooling import (
    MaxPool1d, MaxPool2d, MaxPool3d, AvgPool1d, AvgPool2d, AvgPool3d, AdaptiveAvgPool1d, AdaptiveAvgPool2d, AdaptiveAvgPool3d,
    AdaptiveMaxPool1d, AdaptiveMaxPool2d, AdaptiveMaxPool3d, LPPool1d, LPPool2d, FractionalMaxPool2d, MaxUnpool2d,
)
from torch.nn.modules.upsampling import Upsample, UpsamplingNearest2d, UpsamplingBilinear2d
from torch.nn.modules.padding import (
    ZeroPad1d, ZeroPad2d, ZeroPad3d, ConstantPad1d, ConstantPad2d, ConstantPad3d, ReflectionPad1d, ReflectionPad2d, ReflectionPad3d,
    ReplicationPad1d, ReplicationPad2d, ReplicationPad3d,
)
from torch.nn.modules.channelshuffle import ChannelShuffle
from torch.nn.modules.pixelshuffle import PixelShuffle, PixelUnshuffle
from torch.nn.modules.flatten import Flatten, Unflatten
from torch.nn.modules.fold import Fold, Unfold
from torch.nn.modules.sparse import Embedding, EmbeddingBag
from torch.nn.modules.rnn import RNNBase, RNN, GRU, LSTM, RNNCellBase, RNNCell, GRUCell, LSTMCell
from torch.nn.modules.transformer import (
    TransformerEncoderLayer, TransformerDecoderLayer, TransformerEncoder, TransformerDecoder, Transformer,
)
from torch.nn.modules.loss import (
    CrossEntropyLoss, NLLLoss, NLLLoss2d, BCELoss, BCEWithLogitsLoss, KLDivLoss, MSELoss, L1Loss, SmoothL1Loss, SoftMarginLoss,
    MultiLabelMarginLoss, HingeEmbeddingLoss, HuberLoss, MultiLabelSoftMarginLoss, MultiMarginLoss, PoissonNLLLoss, GaussianNLLLoss,
    CosineEmbeddingLoss, MarginRankingLoss, TripletMarginLoss, TripletMarginWithDistanceLoss, CTCLoss,
)
from torch.nn.modules.distance import CosineSimilarity, PairwiseDistance
