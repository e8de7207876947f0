// benches/programs/fib.js in C.
#include "bench.h"
static __attribute__((noinline)) int fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
static volatile int depth = 27;
static double run(void) { return fib(depth); }
BENCH(run, 196418)
