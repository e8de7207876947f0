// benches/programs/array_sum.js in C.
#include "bench.h"
#define N 100000
static int ints[N];
static double doubles[N];
static double run(void) {
  static int filled = 0;
  if (!filled) {
    for (int64_t i = 0; i < N; i++) {
      ints[i] = (int)(i * 7919 % 10007);
      doubles[i] = (double)(i * 104729 % 10007) / 8;
    }
    filled = 1;
  }
  double total = 0;
  for (int k = 0; k < 10; k++) {
    int64_t s = 0;
    for (int i = 0; i < N; i++) s += ints[i];
    double d = 0;
    for (int i = 0; i < N; i++) d += doubles[i];
    int best = 0, length = 1;
    for (int i = 1; i < N; i++) {
      if (ints[i] > ints[i - 1]) length++;
      else length = 1;
      if (length > best) best = length;
    }
    total += s + d + best;
  }
  return total;
}
BENCH(run, 5628423551.25)
