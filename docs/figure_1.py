"""Figure 1 under the fitted protocol in numpy alone, to read beside docs/figure-1.md.

    python3 docs/figure_1.py [LAYERS] [SEED]       prints block, activation, ratio, mean and deviation as CSV
"""
import sys
import numpy as np

F = np.float32
EPSILON = F(1e-5)  # added to the variance, as in torch.nn.BatchNorm2d
exp = lambda x: np.exp(np.minimum(x, F(80)))
ACTIVATIONS = {
    "linear": lambda x: x,
    "relu6": lambda x: np.clip(x, 0, 6),
    "relu": lambda x: np.maximum(x, 0),
    "leakyRelu": lambda x: np.maximum(x, F(0.01) * x),  # slope 0.01
    "elu": lambda x: np.where(x > 0, x, exp(np.minimum(x, 0)) - F(1)),
    "softplus": lambda x: np.maximum(x, 0) + np.log1p(exp(-np.abs(x))),
    "hardSwish": lambda x: x * np.clip(x + 3, 0, 6) / F(6),
    "silu": lambda x: x / (F(1) + exp(-x)),
}
# kernel and depthwise of each convolution; images have one pixel, so of a 3 x 3 kernel only the middle meets the input
BLOCKS = {
    "pointwise": [(1, False)],
    "conv3x3": [(3, False)],
    "inverted-conv3x3": [(1, False), (3, False), (1, False)],
    "inverted-depthwise": [(1, False), (3, True), (1, False)],
}
rounded = lambda x: max(1, int(np.floor(x + 0.5)))  # halves up


def convolution(rng, inputs, outputs, kernel, depthwise):
    """Returns x -> normalized W x + b with W Kaiming normal by fan-out; the fan counts all 9 weights of a 3 x 3 kernel."""
    fan_in, fan_out = (1 if depthwise else inputs) * kernel**2, outputs * kernel**2
    w = rng.normal(0, np.sqrt(2 / fan_out), (outputs, 1 if depthwise else inputs)).astype(F)
    b = rng.uniform(-1, 1, (outputs, 1)).astype(F) / F(np.sqrt(fan_in))
    scale = rng.uniform(0, 1, (outputs, 1)).astype(F)

    def apply(x):
        y = (w * x if depthwise else w @ x) + b
        return y / np.sqrt(y.var(axis=1, keepdims=True) + EPSILON) * scale  # divided, not centred; then the scale

    return apply


def layer(rng, block, ratio):
    """Draws a layer and its input; returns the rank ratio of its output with each activation."""
    d_out = int(rng.integers(64, 513))
    d_in = rounded(ratio * d_out)
    x = rng.uniform(0, 1.25, (d_in, rounded(1.2 * d_out))).astype(F)  # N = 1.2 d_out columns
    hidden = rounded(rng.uniform(0, 5) * d_in)
    sizes = [d_in, d_out] if len(BLOCKS[block]) == 1 else [d_in, hidden, hidden, d_out]
    steps = [convolution(rng, *io, *kind) for *io, kind in zip(sizes, sizes[1:], BLOCKS[block])]
    for name, f in ACTIVATIONS.items():
        y = x
        for i, step in enumerate(steps):
            y = step(y) if i == 2 else f(step(y))  # no activation after the projection
        if len(steps) == 3:
            y[:d_in] += x  # the shortcut, on the first d_in channels
        yield name, np.linalg.matrix_rank(y) / d_out  # tolerance: sigma_1 max(d_out, N) 2^-23


if __name__ == "__main__":
    layers, seed = [int(a) for a in sys.argv[1:]] + [20, 0][len(sys.argv) - 1 :]
    rng = np.random.default_rng(seed)
    for block in BLOCKS:
        for ratio in [0.1, 0.2, 0.3, 0.5, 0.8]:
            drawn = [dict(layer(rng, block, ratio)) for _ in range(layers)]
            for name in ACTIVATIONS:
                values = [one[name] for one in drawn]
                print(block, name, ratio, f"{np.mean(values):.4f}", f"{np.std(values):.4f}", sep=",", flush=True)
