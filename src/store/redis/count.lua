-- Adds one to a counter. The first increment sets the window's end; after it the counter starts over.
-- KEYS[1]: the counter. ARGV: the portal's time, the end of a window that begins now, both in milliseconds since 1970.
-- Returns the count and the window's end.
local now, count, ends = tonumber(ARGV[1]), 1, tonumber(ARGV[2])
local old = redis.call('GET', KEYS[1])
local old_end = old and tonumber(string.sub(old, 1, 15)) or 0
if old_end > now then
    count, ends = (tonumber(string.sub(old, 16)) or 0) + 1, old_end
end
redis.call('SET', KEYS[1], string.format('%015d%d', ends, count), 'PX', math.max(ends - now, 1))
return { count, ends }
