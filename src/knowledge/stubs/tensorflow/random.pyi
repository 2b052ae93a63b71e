"""Random numbers: the same functions as at the top."""

from tensorflow import multinomial, set_random_seed, truncated_normal
from tensorflow import random_normal as normal
from tensorflow import random_shuffle as shuffle
from tensorflow import random_uniform as uniform
