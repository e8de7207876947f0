"""benches/programs/sieve.js in Python."""
from bench import bench


def run():
    n = 500000
    composite = []
    for _ in range(n + 1):
        composite.append(0)
    count = 0
    for i in range(2, n + 1):
        if composite[i] == 0:
            count += 1
            for j in range(i + i, n + 1, i):
                composite[j] = 1
    return count


bench(run, 41538)
