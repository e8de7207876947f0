-- benches/programs/fib.js in Lua.
local bench = require("bench")
local function fib(n)
  if n < 2 then return n end
  return fib(n - 1) + fib(n - 2)
end
bench(function() return fib(27) end, 196418)
