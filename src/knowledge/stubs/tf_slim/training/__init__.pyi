"""Operations that train."""

from tf_slim.training.training import create_train_op, train
