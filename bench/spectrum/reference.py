"""Times numpy and torch on matrices handed over by spectrum.bench.ts, one thread.

Reads one JSON request a line and answers each with one line: {"load": path, "rows": r, "columns": c} reads a
float32 matrix; {"time": name} runs one function on it once and answers its milliseconds.
"""
import json
import sys
import time

import numpy

try:
    import torch

    torch.set_num_threads(1)
except ImportError:
    torch = None

features = tensor = wide = None


def load(path, rows, columns):
    global features, tensor, wide
    features = numpy.fromfile(path, dtype=numpy.float32).reshape(rows, columns)
    if torch:
        tensor = torch.from_numpy(features)
        wide = tensor.double()


FUNCTIONS = {
    "numpy svd": lambda: numpy.linalg.svd(features, compute_uv=False),
    "numpy rank": lambda: numpy.linalg.matrix_rank(features),
}
if torch:
    FUNCTIONS.update({
        "torch svd": lambda: torch.linalg.svdvals(tensor),
        "torch rank": lambda: torch.linalg.matrix_rank(tensor),
        "torch product": lambda: wide @ wide.T,
    })


def answer(request):
    if "load" in request:
        load(request["load"], request["rows"], request["columns"])
        return {"names": list(FUNCTIONS), "versions": {
            "numpy": numpy.__version__, "torch": torch.__version__ if torch else None}}
    function = FUNCTIONS[request["time"]]
    start = time.perf_counter()
    result = function()
    milliseconds = (time.perf_counter() - start) * 1e3
    kind = request["time"].split()[1]
    value = float(result) if kind == "rank" else [float(result.flatten()[0])]
    return {"milliseconds": milliseconds, "value": value}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
