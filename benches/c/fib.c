// benches/programs/fib.js in C. Left to itself, the compiler makes a loop of one of the two calls; what is measured here is
// calls, so it is told not to.
#include "bench.h"
#ifdef __clang__
#define CALLS_ONLY __attribute__((noinline, disable_tail_calls))
#else
#define CALLS_ONLY __attribute__((noinline, optimize("no-optimize-sibling-calls")))
#endif
static CALLS_ONLY int fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
static volatile int depth = 27;
static double run(void) { return fib(depth); }
BENCH(run, 196418)
