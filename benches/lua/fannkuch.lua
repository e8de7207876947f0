-- benches/programs/fannkuch.js in Lua.
local bench = require("bench")
local function flips(n)
  local perm, work, count = {}, {}, {}
  for i = 0, n - 1 do perm[i], work[i], count[i] = i, 0, 0 end
  local most, checksum, turn, r = 0, 0, 0, n
  while true do
    while r ~= 1 do
      count[r - 1] = r
      r = r - 1
    end
    for i = 0, n - 1 do work[i] = perm[i] end
    local here, first = 0, work[0]
    while first ~= 0 do
      local low, high = 0, first
      while low < high do
        work[low], work[high] = work[high], work[low]
        low, high = low + 1, high - 1
      end
      here = here + 1
      first = work[0]
    end
    if here > most then most = here end
    checksum = checksum + (turn % 2 == 0 and here or -here)
    while true do
      if r == n then return checksum * 1000 + most end
      local rotated = perm[0]
      for i = 0, r - 1 do perm[i] = perm[i + 1] end
      perm[r] = rotated
      count[r] = count[r] - 1
      if count[r] > 0 then break end
      r = r + 1
    end
    turn = turn + 1
  end
end
bench(function() return flips(8) end, 1616022)
