"""benches/programs/fannkuch.js in Python."""
from bench import bench


def flips(n):
    perm, work, count = list(range(n)), [0] * n, [0] * n
    most = checksum = turn = 0
    r = n
    while True:
        while r != 1:
            count[r - 1] = r
            r -= 1
        for i in range(n):
            work[i] = perm[i]
        here, first = 0, work[0]
        while first != 0:
            low, high = 0, first
            while low < high:
                work[low], work[high] = work[high], work[low]
                low += 1
                high -= 1
            here += 1
            first = work[0]
        if here > most:
            most = here
        checksum += here if turn % 2 == 0 else -here
        while True:
            if r == n:
                return checksum * 1000 + most
            rotated = perm[0]
            for i in range(r):
                perm[i] = perm[i + 1]
            perm[r] = rotated
            count[r] -= 1
            if count[r] > 0:
                break
            r += 1
        turn += 1


bench(lambda: flips(8), 1616022)
