"""The harness of the Python versions: the same arguments and output as benches/programs/lib/harness.js."""
import sys
import time


def bench(run, expected):
    wanted = sys.argv[1] if len(sys.argv) > 1 else "20"
    timed = wanted.endswith("ms")
    iterations = 20000 if timed else int(wanted)
    budget = float(wanted[:-2]) / 1000 if timed else float("inf")
    times = []
    begin = time.perf_counter()
    result = None
    for i in range(iterations):
        start = time.perf_counter()
        result = run()
        end = time.perf_counter()
        times.append((end - start) * 1e9)
        if result != expected:
            raise SystemExit("wrong result %r instead of %r" % (result, expected))
        if end - begin > budget and i >= 9:
            break
    for t in times:
        print("ns_per_iteration %d" % t)
    print("result %r" % (result,))
