-- Before every change: what comes later than the portal waits for an answer is not done, for by then a page has said so.
-- The last of ARGV: until when, in milliseconds by this server's clock.
local clock = redis.call('TIME')
if clock[1] * 1000 + math.floor(clock[2] / 1000) > tonumber(ARGV[#ARGV]) then
    return redis.error_reply('LATE this came too late and was not done')
end

