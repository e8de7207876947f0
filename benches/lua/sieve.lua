-- benches/programs/sieve.js in Lua.
local bench = require("bench")
bench(function()
  local n = 500000
  local composite = {}
  for i = 0, n do composite[i] = 0 end
  local count = 0
  for i = 2, n do
    if composite[i] == 0 then
      count = count + 1
      for j = i + i, n, i do composite[j] = 1 end
    end
  end
  return count
end, 41538)
