"""A network of PyTorch from the layers of `networkLayers`."""
import torch
import torch.nn.functional as F
from torch import nn

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
        given = layer["normalization"]
        self.normalization = kind(outputs, eps=given["epsilon"]) if given else nn.Identity()

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
