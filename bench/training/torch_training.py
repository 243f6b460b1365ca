"""Times training steps of PyTorch on networks handed over by training.bench.ts, one thread, channels last.

Reads one JSON request a line and answers each with one line: {"layers": [...], "resolution": r, "batch": b} builds a
network from the layers of `networkLayers`; {"step": true} runs one step of it and answers its milliseconds of processor time.
"""
import json
import sys
import time

import torch
import torch.nn.functional as F

from torch_network import Network

torch.set_num_threads(1)

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
