-- Takes one off a counter whose window ends as given. A later window stays, because its counts are others'.
-- KEYS[1]: the counter. ARGV: the portal's time, the window's end, both in milliseconds since 1970.
local now, ends = tonumber(ARGV[1]), tonumber(ARGV[2])
local old = redis.call('GET', KEYS[1])
local count = old and tonumber(string.sub(old, 16)) or 0
if count > 0 and tonumber(string.sub(old, 1, 15)) == ends and ends > now then
    redis.call('SET', KEYS[1], string.format('%015d%d', ends, count - 1), 'PX', ends - now)
end
return 0
