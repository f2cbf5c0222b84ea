-- Puts a list that was built beside the published one in its place, unless that would be a step back.
--
-- KEYS[1]  the published list's meta hash          KEYS[2]  the meta hash of the list that was built
-- ARGV     epoch, version, token and state of the published list as they were seen before the new one was brought up to
--          date, empty if there was none; 1 or 0: whether to insist on that and on going forward
-- Returns  'ok' | 'changed': the published list is not what was seen | 'older': it is newer | 'missing'

local old = redis.call('HMGET', KEYS[1], 'epoch', 'version', 'token', 'state')
local new = redis.call('HMGET', KEYS[2], 'epoch', 'version')
if not new[1] then
  return 'missing'
end
if ARGV[5] == '1' then
  for i = 1, 4 do
    if (old[i] or '') ~= ARGV[i] then
      return 'changed'
    end
  end
  if old[1] then
    local epoch, version = tonumber(old[1]) - tonumber(new[1]), tonumber(old[2]) - tonumber(new[2])
    if epoch > 0 or (epoch == 0 and version > 0) then
      return 'older'
    end
  end
end
redis.call('RENAME', KEYS[2], KEYS[1])
redis.call('PERSIST', KEYS[1])
return 'ok'
