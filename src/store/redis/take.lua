-- Removes a record and returns it. KEYS[1]: the record.
local old = redis.call('GET', KEYS[1])
redis.call('DEL', KEYS[1])
return old
