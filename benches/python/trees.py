"""benches/programs/trees.js in Python."""
from bench import bench


class Node:
    def __init__(self, left, right):
        self.left = left
        self.right = right


def build(depth):
    return Node(None, None) if depth == 0 else Node(build(depth - 1), build(depth - 1))


def count(node):
    return 1 if node.left is None else 1 + count(node.left) + count(node.right)


def run():
    long = build(14)
    total = 0
    for depth in range(4, 15, 2):
        for _ in range(1 << (14 - depth)):
            total += count(build(depth))
    return total + count(long)


bench(run, 228010)
