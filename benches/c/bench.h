// The harness of the C versions: the same arguments and output as benches/programs/lib/harness.js.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

#define BENCH(run, expected)                                                   \
  int main(int argc, char **argv) {                                            \
    const char *wanted = argc > 1 ? argv[1] : "20";                            \
    int timed = strstr(wanted, "ms") != NULL;                                  \
    int iterations = timed ? 20000 : atoi(wanted);                             \
    double budget_ns = timed ? atof(wanted) * 1e6 : 1e300, begin = now_ns();   \
    double result = 0;                                                         \
    for (int i = 0; i < iterations; i++) {                                     \
      double start = now_ns();                                                 \
      result = run();                                                          \
      double end = now_ns();                                                   \
      printf("ns_per_iteration %.0f\n", end - start);                          \
      if (result != (expected)) {                                              \
        fprintf(stderr, "wrong result %.17g\n", result);                       \
        return 1;                                                              \
      }                                                                        \
      if (end - begin > budget_ns && i + 1 >= 10) break;                       \
    }                                                                          \
    printf("result %.17g\n", result);                                          \
    return 0;                                                                  \
  }
