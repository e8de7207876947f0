-- benches/programs/nbody.js in Lua.
local bench = require("bench")
local function body(x, y, z, vx, vy, vz, mass)
  return { x = x, y = y, z = z, vx = vx, vy = vy, vz = vz, mass = mass }
end
local function system()
  return {
    body(0, 0, 0, 0, 0, 0, 39.47841760435743),
    body(4.84143144246472, -1.16032004402743, -0.10362204447112, 0.60632639299583, 2.81198684491626, -0.02521836165989, 0.03769367487039),
    body(8.34336671824458, 4.1247985641243, -0.40352341711432, -1.01077434617879, 1.82566237123041, 0.00841576137658, 0.01128632613197),
    body(12.8943695621391, -15.1111514016986, -0.22330757889266, 1.08279100644153, 0.86871301816961, -0.01083263740136, 0.00172372405705),
    body(15.3796971148509, -25.919314609988, 0.17925877295037, 0.97909073224389, 0.59469899864767, -0.03475595551117, 0.00203368686992),
  }
end
local function advance(bodies, dt)
  for i = 1, #bodies do
    local a = bodies[i]
    for j = i + 1, #bodies do
      local b = bodies[j]
      local dx, dy, dz = a.x - b.x, a.y - b.y, a.z - b.z
      local d2 = dx * dx + dy * dy + dz * dz
      local mag = dt / (d2 * math.sqrt(d2))
      a.vx = a.vx - dx * b.mass * mag
      a.vy = a.vy - dy * b.mass * mag
      a.vz = a.vz - dz * b.mass * mag
      b.vx = b.vx + dx * a.mass * mag
      b.vy = b.vy + dy * a.mass * mag
      b.vz = b.vz + dz * a.mass * mag
    end
  end
  for i = 1, #bodies do
    local b = bodies[i]
    b.x = b.x + dt * b.vx
    b.y = b.y + dt * b.vy
    b.z = b.z + dt * b.vz
  end
end
bench(function()
  local bodies = system()
  for _ = 1, 20000 do advance(bodies, 0.01) end
  return math.floor((bodies[2].x + bodies[3].y) * 1e6 + 0.5)
end, -4592946)
