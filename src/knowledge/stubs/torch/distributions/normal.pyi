"""The same under its own name."""

from torch.distributions import Normal
