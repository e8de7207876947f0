-- benches/programs/spectral_norm.js in Lua.
local bench = require("bench")
local function entry(i, j) return 1 / (((i + j) * (i + j + 1)) / 2 + i + 1) end
local function multiply(v, out, n)
  for i = 0, n - 1 do
    local sum = 0
    for j = 0, n - 1 do sum = sum + entry(i, j) * v[j + 1] end
    out[i + 1] = sum
  end
end
local function multiply_transposed(v, out, n)
  for i = 0, n - 1 do
    local sum = 0
    for j = 0, n - 1 do sum = sum + entry(j, i) * v[j + 1] end
    out[i + 1] = sum
  end
end
bench(function()
  local n = 100
  local u, v, scratch = {}, {}, {}
  for i = 1, n do u[i], v[i], scratch[i] = 1, 0, 0 end
  for _ = 1, 10 do
    multiply(u, scratch, n)
    multiply_transposed(scratch, v, n)
    multiply(v, scratch, n)
    multiply_transposed(scratch, u, n)
  end
  local uv, vv = 0, 0
  for i = 1, n do
    uv = uv + u[i] * v[i]
    vv = vv + v[i] * v[i]
  end
  return string.format("%.9f", math.sqrt(uv / vv))
end, "1.274219991")
