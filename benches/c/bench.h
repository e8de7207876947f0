// The harness of the C versions: the same output as benches/programs/lib/harness.js.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

#define BENCH(run, expected)                                        \
  int main(int argc, char **argv) {                                 \
    int iterations = argc > 1 ? atoi(argv[1]) : 20;                 \
    double result = 0;                                              \
    for (int i = 0; i < iterations; i++) {                          \
      double start = now_ns();                                      \
      result = run();                                               \
      printf("ns_per_iteration %.0f\n", now_ns() - start);          \
      if (result != (expected)) {                                   \
        fprintf(stderr, "wrong result %.17g\n", result);            \
        return 1;                                                   \
      }                                                             \
    }                                                               \
    printf("result %.17g\n", result);                               \
    return 0;                                                       \
  }
