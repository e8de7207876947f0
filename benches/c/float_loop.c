// benches/programs/float_loop.js in C.
#include "bench.h"
static double run(void) {
  const int size = 160;
  int total = 0;
  for (int y = 0; y < size; y++) {
    double ci = 2.0 * y / size - 1;
    for (int x = 0; x < size; x++) {
      double cr = 2.0 * x / size - 1.5, zr = 0, zi = 0;
      int n = 0;
      while (n < 100 && zr * zr + zi * zi < 4) {
        double t = zr * zr - zi * zi + cr;
        zi = 2 * zr * zi + ci;
        zr = t;
        n++;
      }
      total += n;
    }
  }
  return total;
}
BENCH(run, 1126475)
