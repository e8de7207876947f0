"""benches/programs/spectral_norm.js in Python."""
from math import sqrt

from bench import bench


def entry(i, j):
    return 1 / (((i + j) * (i + j + 1)) / 2 + i + 1)


def multiply(v, out):
    for i in range(len(v)):
        total = 0.0
        for j in range(len(v)):
            total += entry(i, j) * v[j]
        out[i] = total


def multiply_transposed(v, out):
    for i in range(len(v)):
        total = 0.0
        for j in range(len(v)):
            total += entry(j, i) * v[j]
        out[i] = total


def run():
    n = 100
    u, v, scratch = [1.0] * n, [0.0] * n, [0.0] * n
    for _ in range(10):
        multiply(u, scratch)
        multiply_transposed(scratch, v)
        multiply(v, scratch)
        multiply_transposed(scratch, u)
    uv = sum(a * b for a, b in zip(u, v))
    vv = sum(b * b for b in v)
    return "%.9f" % sqrt(uv / vv)


bench(run, "1.274219991")
