// benches/programs/int_loop.js in C.
#include "bench.h"
static double run(void) {
  uint32_t h = 17;
  for (int i = 0; i < 2000; i++)
    for (int j = 0; j < 1000; j++) {
      h = h * 31 + (uint32_t)(i ^ j);
      h ^= h >> 7;
    }
  return (int32_t)h;
}
BENCH(run, 1018223978)
