"""Layers; the modules are where they lie in version 2."""

from keras.engine.base_layer import InputSpec, Layer
from keras.layers.core import (
    Activation, ActivityRegularization, Dense, EinsumDense, Flatten, Identity, Input, InputLayer, Lambda, Masking, Normalization, Permute,
    RepeatVector, Rescaling, Reshape, Wrapper)
from keras.layers.embeddings import Embedding
from keras.layers.regularization import (
    AlphaDropout, Dropout, GaussianDropout, GaussianNoise, SpatialDropout1D, SpatialDropout2D, SpatialDropout3D)
from keras.layers.normalization import (
    BatchNormalization, GroupNormalization, LayerNormalization, RMSNormalization, SpectralNormalization, UnitNormalization)
from keras.layers.convolutional import (
    Conv1D, Conv1DTranspose, Conv2D, Conv2DTranspose, Conv3D, Conv3DTranspose, Convolution1D, Convolution2D, Convolution2DTranspose,
    Convolution3D, Convolution3DTranspose, Cropping1D, Cropping2D, Cropping3D, DepthwiseConv1D, DepthwiseConv2D, SeparableConv1D,
    SeparableConv2D, SeparableConvolution1D, SeparableConvolution2D, UpSampling1D, UpSampling2D, UpSampling3D, ZeroPadding1D, ZeroPadding2D,
    ZeroPadding3D)
from keras.layers.pooling import (
    AveragePooling1D, AveragePooling2D, AveragePooling3D, AvgPool1D, AvgPool2D, AvgPool3D, GlobalAveragePooling1D, GlobalAveragePooling2D,
    GlobalAveragePooling3D, GlobalAvgPool1D, GlobalAvgPool2D, GlobalAvgPool3D, GlobalMaxPool1D, GlobalMaxPool2D, GlobalMaxPool3D,
    GlobalMaxPooling1D, GlobalMaxPooling2D, GlobalMaxPooling3D, MaxPool1D, MaxPool2D, MaxPool3D, MaxPooling1D, MaxPooling2D, MaxPooling3D)
from keras.layers.recurrent import (
    Bidirectional, ConvLSTM1D, ConvLSTM2D, ConvLSTM3D, GRU, GRUCell, LSTM, LSTMCell, RNN, SimpleRNN, SimpleRNNCell, StackedRNNCells,
    TimeDistributed)
from keras.layers.merge import (
    Add, Average, Concatenate, Dot, Maximum, Minimum, Multiply, Subtract, add, average, concatenate, dot, maximum, minimum, multiply,
    subtract)
from keras.layers.advanced_activations import ELU, LeakyReLU, PReLU, ReLU, Softmax
from keras.layers.attention import AdditiveAttention, Attention, MultiHeadAttention
from keras.layers.preprocessing import (
    CenterCrop, RandomBrightness, RandomContrast, RandomCrop, RandomFlip, RandomRotation, RandomTranslation, RandomZoom, Resizing)
