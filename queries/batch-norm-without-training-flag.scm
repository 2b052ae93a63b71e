; Graph layers default to inference.
((call function: (_) @callee) @finding
  (#resolves? @callee "tensorflow.layers.batch_normalization" "tensorflow.layers.BatchNormalization.__call__")
  (#argument-missing? @finding "training"))

; slim and contrib default to training.
((call function: (_) @callee) @finding
  (#resolves? @callee "tf_slim.batch_norm")
  (#argument-missing? @finding "is_training"))

; As a function it defaults to the running statistics, whatever the mode of the module.
((call function: (_) @callee) @finding
  (#resolves? @callee "torch.nn.functional.batch_norm")
  (#argument-missing? @finding "training")
  (#argument-given? @finding "running_mean")
  (#inside-method-of? @finding "torch.nn.Module"))
