"""The published study as a straightforward PyTorch script: random layers, their features, torch.linalg.matrix_rank.

Same grid, same default protocol and sizes as `rankscope curve` (other random numbers): weights Kaiming normal by
fan-out, PyTorch's bias, inputs uniform on [0, 1.25), division by the batch's deviation, uniform scales, a random
expansion ratio, one pixel, the partial shortcut. Prints one JSON line: layers measured, seconds, mean rank ratios.

    python3 torch_study.py LAYERS MIN MAX [SEED]     N = d_out + 1
"""
import json
import random
import sys
import time

import torch
import torch.nn.functional as F

BLOCKS = ["pointwise", "conv3x3", "inverted-conv3x3", "inverted-depthwise"]
RATIOS = [i / 10 for i in range(1, 11)]
ACTIVATIONS = {
    "linear": lambda x: x,
    "relu6": F.relu6,
    "relu": F.relu,
    "leakyRelu": F.leaky_relu,
    "elu": F.elu,
    "softplus": F.softplus,
    "hardSwish": F.hardswish,
    "silu": F.silu,
}


class Convolution(torch.nn.Module):
    """A convolution over one pixel, then division by the batch's deviation and a scale."""

    def __init__(self, inputs, outputs, kernel=1, depthwise=False):
        super().__init__()
        groups = inputs if depthwise else 1
        self.convolution = torch.nn.Conv2d(inputs, outputs, kernel, padding="same", groups=groups)
        torch.nn.init.kaiming_normal_(self.convolution.weight, mode="fan_out")
        self.scale = torch.rand(outputs).view(1, -1, 1, 1)

    def forward(self, x):
        y = self.convolution(x)
        variance = y.var(dim=(0, 2, 3), keepdim=True, unbiased=False)
        return y / torch.sqrt(variance + 1e-5) * self.scale


def draw(block, ratio, low, high):
    """A random layer: a function of its activation."""
    outputs = random.randint(low, high)
    inputs = max(1, round(ratio * outputs))
    x = torch.rand(outputs + 1, inputs, 1, 1) * 1.25
    if not block.startswith("inverted"):
        layer = Convolution(inputs, outputs, 3 if block == "conv3x3" else 1)
        return lambda activation: activation(layer(x))
    hidden = max(1, round(random.uniform(0, 5) * inputs))
    expand = Convolution(inputs, hidden)
    spatial = Convolution(hidden, hidden, 3, block == "inverted-depthwise")
    project = Convolution(hidden, outputs)

    def run(activation):
        y = project(activation(spatial(activation(expand(x)))))
        y[:, :inputs] += x
        return y

    return run


@torch.no_grad()
def main(layers, low, high, seed=0):
    random.seed(seed)
    torch.manual_seed(seed)
    started = time.perf_counter()
    sums = {}
    for _ in range(layers):
        for block in BLOCKS:
            for ratio in RATIOS:
                layer = draw(block, ratio, low, high)
                for name, activation in ACTIVATIONS.items():
                    features = layer(activation).flatten(1)
                    rank = torch.linalg.matrix_rank(features.T).item()
                    key = f"{block}/{name}"
                    sums[key] = sums.get(key, 0) + rank / features.shape[1] / (layers * len(RATIOS))
    count = layers * len(BLOCKS) * len(RATIOS) * len(ACTIVATIONS)
    print(json.dumps({"layers": count, "seconds": time.perf_counter() - started, "means": sums}))


main(*map(int, sys.argv[1:]))
