"""benches/programs/float_loop.js in Python."""
from bench import bench


def run():
    size = 160
    total = 0
    for y in range(size):
        ci = (2 * y) / size - 1
        for x in range(size):
            cr = (2 * x) / size - 1.5
            zr = zi = 0.0
            n = 0
            while n < 100 and zr * zr + zi * zi < 4:
                zr, zi = zr * zr - zi * zi + cr, 2 * zr * zi + ci
                n += 1
            total += n
    return total


bench(run, 1126475)
