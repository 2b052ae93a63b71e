; Called as a function, dropout does not know the mode of the module.
((call function: (_) @callee) @finding
  (#resolves? @callee
    "torch.nn.functional.dropout"
    "torch.nn.functional.dropout1d"
    "torch.nn.functional.dropout2d"
    "torch.nn.functional.dropout3d"
    "torch.nn.functional.alpha_dropout"
    "torch.nn.functional.feature_alpha_dropout")
  (#argument-missing? @finding "training")
  (#inside-method-of? @finding "torch.nn.Module"))

; Graph layers default to inference.
((call function: (_) @callee) @finding
  (#resolves? @callee "tensorflow.layers.dropout" "tensorflow.layers.Dropout.__call__")
  (#argument-missing? @finding "training"))

; slim and contrib default to training.
((call function: (_) @callee) @finding
  (#resolves? @callee "tf_slim.dropout")
  (#argument-missing? @finding "is_training"))
