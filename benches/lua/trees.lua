-- benches/programs/trees.js in Lua.
local bench = require("bench")
local function build(depth)
  if depth == 0 then return { left = nil, right = nil } end
  return { left = build(depth - 1), right = build(depth - 1) }
end
local function count(node)
  if node.left == nil then return 1 end
  return 1 + count(node.left) + count(node.right)
end
bench(function()
  local long, total = build(14), 0
  for depth = 4, 14, 2 do
    for _ = 1, 2 ^ (14 - depth) do total = total + count(build(depth)) end
  end
  return total + count(long)
end, 228010)
