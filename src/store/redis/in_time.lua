-- Prefix of every change: refuses a command that arrives after the portal stopped waiting, because a page has reported
-- the failure by then. The last of ARGV: the deadline, in milliseconds by this server's clock.
local clock = redis.call('TIME')
if clock[1] * 1000 + math.floor(clock[2] / 1000) > tonumber(ARGV[#ARGV]) then
    return redis.error_reply('LATE the deadline has passed and nothing was done')
end

