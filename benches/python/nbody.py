"""benches/programs/nbody.js in Python."""
from math import floor, sqrt

from bench import bench


class Body:
    def __init__(self, x, y, z, vx, vy, vz, mass):
        self.x, self.y, self.z = x, y, z
        self.vx, self.vy, self.vz = vx, vy, vz
        self.mass = mass


def system():
    return [
        Body(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 39.47841760435743),
        Body(4.84143144246472, -1.16032004402743, -0.10362204447112, 0.60632639299583, 2.81198684491626, -0.02521836165989, 0.03769367487039),
        Body(8.34336671824458, 4.1247985641243, -0.40352341711432, -1.01077434617879, 1.82566237123041, 0.00841576137658, 0.01128632613197),
        Body(12.8943695621391, -15.1111514016986, -0.22330757889266, 1.08279100644153, 0.86871301816961, -0.01083263740136, 0.00172372405705),
        Body(15.3796971148509, -25.919314609988, 0.17925877295037, 0.97909073224389, 0.59469899864767, -0.03475595551117, 0.00203368686992),
    ]


def advance(bodies, dt):
    for i in range(len(bodies)):
        a = bodies[i]
        for j in range(i + 1, len(bodies)):
            b = bodies[j]
            dx, dy, dz = a.x - b.x, a.y - b.y, a.z - b.z
            d2 = dx * dx + dy * dy + dz * dz
            mag = dt / (d2 * sqrt(d2))
            a.vx -= dx * b.mass * mag
            a.vy -= dy * b.mass * mag
            a.vz -= dz * b.mass * mag
            b.vx += dx * a.mass * mag
            b.vy += dy * a.mass * mag
            b.vz += dz * a.mass * mag
    for body in bodies:
        body.x += dt * body.vx
        body.y += dt * body.vy
        body.z += dt * body.vz


def run():
    bodies = system()
    for _ in range(20000):
        advance(bodies, 0.01)
    return floor((bodies[1].x + bodies[2].y) * 1e6 + 0.5)


bench(run, -4592946)
