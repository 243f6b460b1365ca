"""Trains networks handed over by accuracy.bench.ts in PyTorch, one thread, by the recipe of `rankscope train`.

Reads one JSON request a line: {"layers": [...], "folder": "...", "resolution": r, "channels": c, "recipe": {...}} and answers each
with one line per request: the accuracy and loss of the test images after each epoch. The folder holds `train.pixels` and `test.pixels`,
bytes [images, height, width, channels], and `train.labels` and `test.labels`, one int32 per image. Everything random is PyTorch's own.
"""
import json
import math
import sys

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from torch_network import Network

torch.set_num_threads(1)


def read(folder, part, resolution, channels):
    pixels = np.fromfile(f"{folder}/{part}.pixels", np.uint8).reshape(-1, resolution, resolution, channels)
    labels = np.fromfile(f"{folder}/{part}.labels", np.int32)
    return torch.from_numpy(pixels).permute(0, 3, 1, 2).float(), torch.from_numpy(labels).long()


def initialise(network):
    for name, module in network.named_modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            if name == "units.classifier.operation":
                nn.init.normal_(module.weight, 0, 0.01)
            else:
                nn.init.kaiming_normal_(module.weight, mode="fan_out")
            if module.bias is not None:
                nn.init.zeros_(module.bias)


def parameter_groups(network, decay):
    """Weights decay; biases and the scales and shifts of normalizations do not."""
    modules = list(network.modules())
    weights = [m.weight for m in modules if isinstance(m, (nn.Conv2d, nn.Linear))]
    chosen = {id(weight) for weight in weights}
    rest = [p for p in network.parameters() if id(p) not in chosen]
    return [{"params": weights, "weight_decay": decay}, {"params": rest, "weight_decay": 0.0}]


def augmented(images, crop, flip):
    """Shifts each image by up to `crop` pixels in both directions and mirrors half of them."""
    count, _, size, _ = images.shape
    padded = F.pad(images, (crop,) * 4)
    left, top = (torch.randint(0, 2 * crop + 1, (count, 1, 1)) for _ in range(2))
    columns = torch.arange(size).view(1, 1, size).expand(count, 1, size)
    if flip:
        mirrored = torch.rand(count, 1, 1) < 0.5
        columns = torch.where(mirrored, size - 1 - columns, columns)
    rows = torch.arange(size).view(1, size, 1) + top
    return padded.permute(0, 2, 3, 1)[torch.arange(count).view(-1, 1, 1), rows, columns + left].permute(0, 3, 1, 2)


def rate(recipe, step, steps_per_epoch):
    """A linear warm-up, then a cosine to 0."""
    warm = round(recipe["warmUp"] * steps_per_epoch)
    if step < warm:
        return recipe["learningRate"] * (step + 1) / warm
    share = (step - warm) / (recipe["epochs"] * steps_per_epoch - warm)
    return recipe["learningRate"] * (1 + math.cos(math.pi * share)) / 2


def train(layers, folder, resolution, channels, recipe):
    assert recipe["optimiser"] == "sgd" and recipe["schedule"] == "cosine" and not recipe["cutOut"] and not recipe["average"]
    torch.manual_seed(recipe["seed"])
    images, labels = read(folder, "train", resolution, channels)
    test_images, test_labels = read(folder, "test", resolution, channels)
    mean = images.double().mean((0, 2, 3), keepdim=True)
    deviation = images.double().std((0, 2, 3), unbiased=False, keepdim=True)
    images, test_images = (((x - mean) / deviation).float() for x in (images, test_images))
    network = Network(layers)
    initialise(network)
    network = network.to(memory_format=torch.channels_last)
    groups = parameter_groups(network, recipe["weightDecay"])
    optimizer = torch.optim.SGD(groups, lr=1, momentum=recipe["momentum"], nesterov=recipe["nesterov"])
    batch = recipe["batch"]
    steps = len(labels) // batch
    crop = math.floor(recipe["crop"] * resolution + 0.5)
    rows = []
    for epoch in range(recipe["epochs"]):
        network.train()
        order = torch.randperm(len(labels))
        losses = 0.0
        for step in range(steps):
            taken = order[step * batch:(step + 1) * batch]
            for group in optimizer.param_groups:
                group["lr"] = rate(recipe, epoch * steps + step, steps)
            optimizer.zero_grad()
            x = augmented(images[taken], crop, recipe["flip"]).contiguous(memory_format=torch.channels_last)
            loss = F.cross_entropy(network(x), labels[taken], label_smoothing=recipe["labelSmoothing"])
            loss.backward()
            optimizer.step()
            losses += loss.item()
        network.eval()
        with torch.no_grad():
            scores = torch.cat([network(test_images[i:i + 256]) for i in range(0, len(test_labels), 256)])
        rows.append({
            "trainLoss": losses / steps,
            "testLoss": F.cross_entropy(scores, test_labels).item(),
            "testAccuracy": (scores.argmax(1) == test_labels).float().mean().item(),
        })
    return rows


for line in sys.stdin:
    print(json.dumps(train(**json.loads(line))), flush=True)
