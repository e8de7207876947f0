"""benches/programs/fib.js in Python."""
from bench import bench


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


bench(lambda: fib(27), 196418)
