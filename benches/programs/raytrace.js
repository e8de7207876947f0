'use strict';
// A small ray tracer: vectors as short-lived objects, two kinds of surfaces behind one method, doubles everywhere.
const bench = require('./lib/harness').bench;

class Vec {
  constructor(x, y, z) {
    this.x = x;
    this.y = y;
    this.z = z;
  }
  add(o) {
    return new Vec(this.x + o.x, this.y + o.y, this.z + o.z);
  }
  sub(o) {
    return new Vec(this.x - o.x, this.y - o.y, this.z - o.z);
  }
  scale(f) {
    return new Vec(this.x * f, this.y * f, this.z * f);
  }
  dot(o) {
    return this.x * o.x + this.y * o.y + this.z * o.z;
  }
  unit() {
    return this.scale(1 / Math.sqrt(this.dot(this)));
  }
}

class Ray {
  constructor(origin, direction) {
    this.origin = origin;
    this.direction = direction;
  }
  at(distance) {
    return this.origin.add(this.direction.scale(distance));
  }
}

class Sphere {
  constructor(center, radius, color, shine) {
    this.center = center;
    this.radius = radius;
    this.color = color;
    this.shine = shine;
  }
  hit(ray) {
    const away = ray.origin.sub(this.center);
    const b = away.dot(ray.direction);
    const c = away.dot(away) - this.radius * this.radius;
    const d = b * b - c;
    if (d < 0) return -1;
    const near = -b - Math.sqrt(d);
    return near > 1e-4 ? near : -1;
  }
  normal(point) {
    return point.sub(this.center).unit();
  }
}

class Plane {
  constructor(height, color, shine) {
    this.height = height;
    this.color = color;
    this.shine = shine;
  }
  hit(ray) {
    if (ray.direction.y > -1e-6) return -1;
    return (this.height - ray.origin.y) / ray.direction.y;
  }
  normal() {
    return UP;
  }
}

const UP = new Vec(0, 1, 0);
const SKY = new Vec(0.2, 0.3, 0.5);
const LIGHT = new Vec(-3, 5, -2).unit();

class Scene {
  constructor(surfaces) {
    this.surfaces = surfaces;
  }
  nearest(ray) {
    let best = null;
    let distance = Infinity;
    for (const surface of this.surfaces) {
      const d = surface.hit(ray);
      if (d > 0 && d < distance) {
        distance = d;
        best = surface;
      }
    }
    return best === null ? null : { surface: best, distance };
  }
  trace(ray, depth) {
    const found = this.nearest(ray);
    if (found === null) return SKY;
    const { surface, distance } = found;
    const point = ray.at(distance);
    const normal = surface.normal(point);
    const lit = this.nearest(new Ray(point, LIGHT)) === null;
    const diffuse = lit ? Math.max(0, normal.dot(LIGHT)) : 0;
    let color = surface.color.scale(0.1 + 0.9 * diffuse);
    if (depth > 0 && surface.shine > 0) {
      const bounced = ray.direction.sub(normal.scale(2 * normal.dot(ray.direction)));
      color = color.scale(1 - surface.shine).add(this.trace(new Ray(point, bounced), depth - 1).scale(surface.shine));
    }
    return color;
  }
}

function render(size) {
  const scene = new Scene([
    new Plane(-1, new Vec(0.6, 0.6, 0.6), 0.1),
    new Sphere(new Vec(0, 0, 4), 1, new Vec(0.9, 0.2, 0.2), 0.3),
    new Sphere(new Vec(1.6, -0.4, 3), 0.6, new Vec(0.2, 0.9, 0.2), 0.5),
    new Sphere(new Vec(-1.5, -0.2, 3.2), 0.8, new Vec(0.2, 0.2, 0.9), 0),
  ]);
  const eye = new Vec(0, 0, -1);
  let sum = 0;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const direction = new Vec((x / size - 0.5) * 2, (0.5 - y / size) * 2, 1.5).unit();
      const color = scene.trace(new Ray(eye, direction), 3);
      sum += Math.floor(255 * Math.min(1, color.x)) + Math.floor(255 * Math.min(1, color.y)) * 2 + Math.floor(255 * Math.min(1, color.z)) * 3;
    }
  }
  return sum;
}

bench(() => render(80), 3654044);
