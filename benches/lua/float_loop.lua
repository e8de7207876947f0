-- benches/programs/float_loop.js in Lua: the same grid, escape counts added up.
local bench = require("bench")
bench(function()
  local size, total = 160, 0
  for y = 0, size - 1 do
    local ci = (2 * y) / size - 1
    for x = 0, size - 1 do
      local cr = (2 * x) / size - 1.5
      local zr, zi, n = 0.0, 0.0, 0
      while n < 100 and zr * zr + zi * zi < 4 do
        zr, zi = zr * zr - zi * zi + cr, 2 * zr * zi + ci
        n = n + 1
      end
      total = total + n
    end
  end
  return total
end, 1126475)
