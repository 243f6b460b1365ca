"""What WeightWatcher computes of each layer, timed on one thread, for weights.bench.ts.

Reads one JSON request a line and answers each with one line. {"analyse": [paths of .npy]} computes for each matrix its
singular values, those of a copy with the entries in random order, and a power law fitted to the squares of both, with
every eigenvalue tried as x_min: the steps of WeightWatcher's analyze(randomize=True), which is called itself where it
is installed. {"svd": path, "by": "numpy" | "torch"} computes singular values of a float32 matrix. Answers have the
seconds of processor time.
"""
import json
import os
import sys
import time

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy

try:
    import torch

    torch.set_num_threads(1)
except ImportError:
    torch = None
try:
    import weightwatcher
except ImportError:
    weightwatcher = None


def fit(values):
    """Clauset, Shalizi and Newman: the x_min with the smallest distance, alpha by maximum likelihood."""
    logs = numpy.log(values[values > 0])
    logs.sort()
    best = (numpy.inf, None)
    for at in range(len(logs) - 1):
        tail = logs[at:] - logs[at]
        total = tail.sum()
        if total <= 0:
            continue
        alpha = 1 + len(tail) / total
        observed = numpy.arange(len(tail)) / len(tail)
        distance = numpy.abs(observed - (1 - numpy.exp((1 - alpha) * tail))).max()
        best = min(best, (distance, alpha))
    return best


def analyse(paths):
    matrices = [numpy.load(path) for path in paths]
    if weightwatcher and torch:
        model = torch.nn.Sequential()
        for i, matrix in enumerate(matrices):
            layer = torch.nn.Linear(matrix.shape[1], matrix.shape[0], bias=False)
            layer.weight.data = torch.from_numpy(matrix)
            model.add_module(f"layer{i}", layer)
        start = time.process_time()
        weightwatcher.WeightWatcher(model=model).analyze(randomize=True)
        return time.process_time() - start, "weightwatcher"
    random = numpy.random.default_rng(0)
    start = time.process_time()
    for matrix in matrices:
        for one in (matrix, random.permutation(matrix.ravel()).reshape(matrix.shape)):
            values = numpy.linalg.svd(one, compute_uv=False)
            fit(values**2)
            (values**2).sum() / values[0] ** 2
    return time.process_time() - start, "numpy"


def svd(path, by):
    matrix = numpy.load(path)
    start = time.process_time()
    if by == "torch":
        torch.linalg.svdvals(torch.from_numpy(matrix))
    else:
        numpy.linalg.svd(matrix, compute_uv=False)
    return time.process_time() - start, by


for line in sys.stdin:
    request = json.loads(line)
    if "names" in request:
        print(json.dumps({"names": ["numpy"] + (["torch"] if torch else [])}), flush=True)
        continue
    seconds, by = analyse(request["analyse"]) if "analyse" in request else svd(request["svd"], request["by"])
    print(json.dumps({"seconds": seconds, "by": by}), flush=True)
