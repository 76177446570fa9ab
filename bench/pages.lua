-- For wrk: pages at random, of the paths in a file, so many a second (0: as fast as they come). Arguments: FILE RATE.
local ffi = require("ffi")
ffi.cdef("typedef struct { long seconds; long nanoseconds; } moment; int clock_gettime(int which, moment *at);")
local at = ffi.new("moment")
local requests, interval, due = {}, 0, 0

local function now() -- milliseconds
  ffi.C.clock_gettime(1, at)
  return tonumber(at.seconds) * 1000 + tonumber(at.nanoseconds) / 1e6
end

function init(args)
  for path in io.lines(args[1]) do
    requests[#requests + 1] = "GET " .. path .. " HTTP/1.1\r\nHost: localhost\r\n\r\n"
  end
  interval = tonumber(args[2]) > 0 and 1000 / tonumber(args[2]) or 0
  due = now()
  math.randomseed(due)
end

function request()
  return requests[math.random(#requests)]
end

function delay()
  due = math.max(due + interval, now() - 500) -- half a second is caught up on, no more
  return math.max(0, due - now())
end
