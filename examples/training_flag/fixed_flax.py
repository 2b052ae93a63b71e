"""Recognises handwritten digits. Batch norm learns its statistics while it trains."""
import flax.linen as nn
import jax
import optax


class DigitClassifier(nn.Module):
    @nn.compact
    def __call__(self, pixels, train):
        hidden = nn.Dense(64)(pixels)
        hidden = nn.BatchNorm(use_running_average=not train)(hidden)
        return nn.Dense(10)(nn.relu(hidden))


def train(steps=200):
    key = jax.random.key(0)
    pixels, digits = jax.random.uniform(key, (256, 64)), jax.random.randint(key, (256,), 0, 10)
    model = DigitClassifier()
    variables = model.init(key, pixels, train=True)
    params, statistics = variables["params"], variables["batch_stats"]
    optimizer = optax.adam(1e-3)
    state = optimizer.init(params)

    @jax.jit
    def loss(params, statistics):
        variables = {"params": params, "batch_stats": statistics}
        logits, updates = model.apply(variables, pixels, train=True, mutable=["batch_stats"])
        return optax.softmax_cross_entropy_with_integer_labels(logits, digits).mean(), updates["batch_stats"]

    for step in range(steps):
        (value, statistics), gradients = jax.value_and_grad(loss, has_aux=True)(params, statistics)
        updates, state = optimizer.update(gradients, state)
        params = optax.apply_updates(params, updates)
        if step % 50 == 0:
            print(f"step {step}: loss {value:.4f}")


if __name__ == "__main__":
    train()
