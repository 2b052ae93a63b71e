//! Layers that work otherwise in training than in evaluation.

/// What a layer does that depends on the mode.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// It drops values, or adds noise, at random.
    Drops,
    /// It normalises with the statistics of the batch, and keeps moving ones.
    Normalises,
}

/// Functions and methods that are told the mode where they are called, under the names that define them.
pub(super) static TOLD: [(&str, Kind); 26] = [
    ("torch.nn.functional.dropout", Kind::Drops),
    ("torch.nn.functional.dropout1d", Kind::Drops),
    ("torch.nn.functional.dropout2d", Kind::Drops),
    ("torch.nn.functional.dropout3d", Kind::Drops),
    ("torch.nn.functional.alpha_dropout", Kind::Drops),
    ("torch.nn.functional.feature_alpha_dropout", Kind::Drops),
    ("torch.nn.functional.batch_norm", Kind::Normalises),
    ("tensorflow.layers.dropout", Kind::Drops),
    ("tensorflow.layers.Dropout.__call__", Kind::Drops),
    ("tensorflow.layers.batch_normalization", Kind::Normalises),
    ("tensorflow.layers.BatchNormalization.__call__", Kind::Normalises),
    ("tf_slim.layers.layers.dropout", Kind::Drops),
    ("tf_slim.layers.layers.batch_norm", Kind::Normalises),
    ("keras.layers.regularization.Dropout.call", Kind::Drops),
    ("keras.layers.regularization.SpatialDropout1D.call", Kind::Drops),
    ("keras.layers.regularization.SpatialDropout2D.call", Kind::Drops),
    ("keras.layers.regularization.SpatialDropout3D.call", Kind::Drops),
    ("keras.layers.regularization.AlphaDropout.call", Kind::Drops),
    ("keras.layers.regularization.GaussianDropout.call", Kind::Drops),
    ("keras.layers.regularization.GaussianNoise.call", Kind::Drops),
    ("keras.layers.normalization.BatchNormalization.call", Kind::Normalises),
    ("flax.linen.layers.Dropout.__init__", Kind::Drops),
    ("flax.linen.layers.Dropout.__call__", Kind::Drops),
    ("flax.linen.layers.BatchNorm.__init__", Kind::Normalises),
    ("flax.linen.layers.BatchNorm.__call__", Kind::Normalises),
    ("flax.linen.layers.MultiHeadDotProductAttention.__call__", Kind::Drops),
];

/// Modules of classes whose objects know the mode.
const KNOWING: [(&str, Kind); 2] = [("torch.nn.modules.dropout.", Kind::Drops), ("torch.nn.modules.batchnorm.", Kind::Normalises)];

/// What the function or method does that is defined under the qualified name `defined`, if it is told the mode.
pub(super) fn told(defined: &str) -> Option<Kind> {
    TOLD.iter().find(|(name, _)| *name == defined).map(|(_, kind)| *kind)
}

/// What the function or method does that is defined under the qualified name `defined`, if it has a mode.
pub(super) fn kind(defined: &str) -> Option<Kind> {
    told(defined).or_else(|| KNOWING.iter().find(|(module, _)| defined.starts_with(module)).map(|(_, kind)| *kind))
}
