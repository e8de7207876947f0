// benches/programs/sieve.js in C.
#include "bench.h"
static double run(void) {
  const int n = 500000;
  int *composite = calloc(n + 1, sizeof(int));
  int count = 0;
  for (int i = 2; i <= n; i++)
    if (!composite[i]) {
      count++;
      for (int j = i + i; j <= n; j += i) composite[j] = 1;
    }
  free(composite);
  return count;
}
BENCH(run, 41538)
