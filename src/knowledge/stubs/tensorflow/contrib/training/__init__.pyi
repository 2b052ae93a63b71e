"""Operations that train, as in `tf_slim`."""

from tf_slim.training import create_train_op, train
