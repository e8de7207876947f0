// benches/programs/nbody.js in C.
#include "bench.h"
#include <math.h>
typedef struct { double x, y, z, vx, vy, vz, mass; } Body;
static const Body START[5] = {
    {0, 0, 0, 0, 0, 0, 39.47841760435743},
    {4.84143144246472, -1.16032004402743, -0.10362204447112, 0.60632639299583, 2.81198684491626, -0.02521836165989, 0.03769367487039},
    {8.34336671824458, 4.1247985641243, -0.40352341711432, -1.01077434617879, 1.82566237123041, 0.00841576137658, 0.01128632613197},
    {12.8943695621391, -15.1111514016986, -0.22330757889266, 1.08279100644153, 0.86871301816961, -0.01083263740136, 0.00172372405705},
    {15.3796971148509, -25.919314609988, 0.17925877295037, 0.97909073224389, 0.59469899864767, -0.03475595551117, 0.00203368686992},
};
static void advance(Body *bodies, double dt) {
  for (int i = 0; i < 5; i++) {
    Body *a = &bodies[i];
    for (int j = i + 1; j < 5; j++) {
      Body *b = &bodies[j];
      double dx = a->x - b->x, dy = a->y - b->y, dz = a->z - b->z;
      double d2 = dx * dx + dy * dy + dz * dz;
      double mag = dt / (d2 * sqrt(d2));
      a->vx -= dx * b->mass * mag;
      a->vy -= dy * b->mass * mag;
      a->vz -= dz * b->mass * mag;
      b->vx += dx * a->mass * mag;
      b->vy += dy * a->mass * mag;
      b->vz += dz * a->mass * mag;
    }
  }
  for (int i = 0; i < 5; i++) {
    bodies[i].x += dt * bodies[i].vx;
    bodies[i].y += dt * bodies[i].vy;
    bodies[i].z += dt * bodies[i].vz;
  }
}
static double run(void) {
  Body bodies[5];
  for (int i = 0; i < 5; i++) bodies[i] = START[i];
  for (int i = 0; i < 20000; i++) advance(bodies, 0.01);
  return floor((bodies[1].x + bodies[2].y) * 1e6 + 0.5);
}
BENCH(run, -4592946)
