-- Writes a record as SET does, unless the mode says no. A record begins with its end, in milliseconds and 15 digits;
-- one that has lapsed by the portal's clock, or that nobody wrote that way, counts as absent.
-- KEYS[1]: the record. ARGV: the portal's time, mode, the record, milliseconds to live. Answers 1 if it has written.
local old = redis.call('GET', KEYS[1])
local live = old and (tonumber(string.sub(old, 1, 15)) or 0) > tonumber(ARGV[1])
if (ARGV[2] == 'absent' and live) or (ARGV[2] == 'present' and not live) then
    return 0
end
redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[4])
return 1
