-- Writes a record as SET does, if the mode allows it. A record begins with its expiry, in milliseconds and 15 digits; one
-- that has expired by the portal's clock, or that another program wrote, counts as absent. One that is the same to the
-- byte was written by this very command, which a cluster's client sends again when the answer was lost on the way.
-- KEYS[1]: the record. ARGV: the portal's time, the mode, the record, its time to live in milliseconds. Returns 1 if written.
local old = redis.call('GET', KEYS[1])
local live = old and (tonumber(string.sub(old, 1, 15)) or 0) > tonumber(ARGV[1])
if (ARGV[2] == 'absent' and live and old ~= ARGV[3]) or (ARGV[2] == 'present' and not live) then
    return 0
end
redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[4])
return 1
