-- benches/programs/queens.js in Lua.
local bench = require("bench")
local Board = {}
Board.__index = Board
local function filled(n, value)
  local t = {}
  for i = 0, n - 1 do t[i] = value end
  return t
end
function Board.new(size)
  return setmetatable({ size = size, rows = filled(size, true), rising = filled(2 * size, true), falling = filled(2 * size, true), placed = filled(size, -1), solutions = 0 }, Board)
end
function Board:is_free(row, column)
  return self.rows[row] and self.rising[column + row] and self.falling[column - row + self.size - 1]
end
function Board:mark(row, column, free)
  self.rows[row] = free
  self.rising[column + row] = free
  self.falling[column - row + self.size - 1] = free
end
function Board:place(column)
  if column == self.size then
    self.solutions = self.solutions + 1
    return
  end
  for row = 0, self.size - 1 do
    if self:is_free(row, column) then
      self.placed[column] = row
      self:mark(row, column, false)
      self:place(column + 1)
      self:mark(row, column, true)
    end
  end
end
bench(function()
  local board = Board.new(8)
  board:place(0)
  return board.solutions
end, 92)
