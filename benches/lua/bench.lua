-- The harness of the Lua versions: the same arguments and output as benches/programs/lib/harness.js.
return function(run, expected)
  local wanted = arg[1] or "20"
  local budget = wanted:match("^(%d+)ms$")
  local iterations = budget and 20000 or tonumber(wanted)
  budget = budget and tonumber(budget) / 1000 or math.huge
  local times, begin, result = {}, os.clock(), nil
  for i = 1, iterations do
    local start = os.clock()
    result = run()
    local stop = os.clock()
    times[i] = (stop - start) * 1e9
    if result ~= expected then error("wrong result " .. tostring(result)) end
    if stop - begin > budget and i >= 10 then break end
  end
  for _, time in ipairs(times) do print(string.format("ns_per_iteration %.0f", time)) end
  print("result " .. tostring(result))
end
