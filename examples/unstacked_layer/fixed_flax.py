"""Recognises handwritten digits. The second layer takes the output of the first one."""
import flax.linen as nn
import jax
import optax


class DigitClassifier(nn.Module):
    digits: int = 10

    @nn.compact
    def __call__(self, pixels):
        hidden = nn.Dense(64)(pixels)
        hidden = nn.relu(hidden)
        hidden = nn.Dense(64)(hidden)
        hidden = nn.relu(hidden)
        return nn.Dense(self.digits)(hidden)


def train(steps=200):
    key = jax.random.key(0)
    pixels, digits = jax.random.uniform(key, (256, 64)), jax.random.randint(key, (256,), 0, 10)
    model = DigitClassifier()
    params = model.init(key, pixels)
    optimizer = optax.adam(1e-3)
    state = optimizer.init(params)

    @jax.jit
    def loss(params):
        return optax.softmax_cross_entropy_with_integer_labels(model.apply(params, pixels), digits).mean()

    for step in range(steps):
        value, gradients = jax.value_and_grad(loss)(params)
        updates, state = optimizer.update(gradients, state)
        params = optax.apply_updates(params, updates)
        if step % 50 == 0:
            print(f"step {step}: loss {value:.4f}")


if __name__ == "__main__":
    train()
