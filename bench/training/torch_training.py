"""Times training steps of PyTorch on networks handed over by training.bench.ts, one thread, channels last.

Reads one JSON request a line and answers each with one line: {"layers": [...], "resolution": r, "batch": b} builds a
network from the layers of `networkLayers`; {"step": true} runs one step of it and answers its milliseconds of processor time.
"""
import json
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

torch.set_num_threads(1)

ACTIVATIONS = {
    "linear": lambda x: x,
    "relu": F.relu,
    "relu6": F.relu6,
    "silu": F.silu,
    "sigmoid": torch.sigmoid,
}


class Unit(nn.Module):
    def __init__(self, layer):
        super().__init__()
        inputs, outputs, bias = layer["channelsIn"], layer["channelsOut"], layer["bias"]
        linear = layer["kind"] == "linear"
        if linear:
            self.operation = nn.Linear(inputs, outputs, bias=bias)
        else:
            self.operation = nn.Conv2d(
                inputs, outputs, layer["kernel"], layer["stride"], int(layer["padding"]),
                groups=layer["groups"], bias=bias)
        kind = nn.BatchNorm1d if linear else nn.BatchNorm2d
        self.normalization = kind(outputs) if layer["normalization"] else nn.Identity()

    def forward(self, x):
        return self.normalization(self.operation(x))


class Network(nn.Module):
    def __init__(self, layers):
        super().__init__()
        self.layers = layers
        self.units = nn.ModuleDict({
            layer["name"].replace(".", "_"): Unit(layer)
            for layer in layers if layer["kind"] in ("convolution", "depthwise", "linear")
        })

    def forward(self, images):
        values = {"images": images}
        for layer in self.layers:
            x, *others = [values[name] for name in layer["inputs"]]
            kind = layer["kind"]
            if kind == "pool":
                x = x.mean((2, 3), keepdim=layer["role"] == "squeeze")
            elif kind == "multiply":
                x = x * others[0]
            elif kind == "add":
                channels = layer["channelsIn"]
                whole = channels == layer["channelsOut"]
                x = x + others[0] if whole else torch.cat([x[:, :channels] + others[0], x[:, channels:]], 1)
            else:
                x = self.units[layer["name"].replace(".", "_")](x)
            values[layer["name"]] = ACTIVATIONS[layer["activation"]](x)
        return values[self.layers[-1]["name"]]


network = optimizer = images = labels = None


def build(layers, resolution, batch):
    global network, optimizer, images, labels
    torch.manual_seed(0)
    network = Network(layers).to(memory_format=torch.channels_last)
    optimizer = torch.optim.SGD(network.parameters(), lr=0.01, momentum=0.9, weight_decay=5e-4)
    images = torch.randn(batch, 3, resolution, resolution).to(memory_format=torch.channels_last)
    labels = torch.randint(0, layers[-1]["channelsOut"], (batch,))


def step():
    start = time.process_time()
    optimizer.zero_grad()
    F.cross_entropy(network(images), labels).backward()
    optimizer.step()
    return (time.process_time() - start) * 1e3


for line in sys.stdin:
    request = json.loads(line)
    if "layers" in request:
        build(**request)
        print(json.dumps({"torch": torch.__version__}), flush=True)
    else:
        print(json.dumps({"milliseconds": step()}), flush=True)
