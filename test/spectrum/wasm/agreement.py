"""Counts singular values above given thresholds with numpy and torch in float64, for agreement.test.ts.

Reads JSON lines {"data": base64 of float32, "rows", "columns", "relative"}; answers each with the counts of
numpy.linalg.matrix_rank and, where there is torch, torch.linalg.matrix_rank, and the distance of the threshold from
the nearest singular value relative to the largest.
"""
import base64
import json
import sys

import numpy

try:
    import torch
except ImportError:
    torch = None

for line in sys.stdin:
    request = json.loads(line)
    data = numpy.frombuffer(base64.b64decode(request["data"]), dtype=numpy.float32)
    matrix = data.reshape(request["rows"], request["columns"]).astype(numpy.float64)
    values = numpy.linalg.svd(matrix, compute_uv=False)
    tolerance = float(values[0]) * request["relative"]
    print(json.dumps({
        "numpy": int(numpy.linalg.matrix_rank(matrix, tol=tolerance)),
        "torch": int(torch.linalg.matrix_rank(torch.from_numpy(matrix), rtol=request["relative"])) if torch else None,
        "distance": float(numpy.min(numpy.abs(values - tolerance)) / values[0]),
    }))
