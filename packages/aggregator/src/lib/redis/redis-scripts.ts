// Scripts that Redis runs as one step. All keys are in KEYS, so that a client's own key prefix and a Cluster's slots apply to them.

/**
 * Takes the lease, or renews it. It is free if it has ended, and taken over at once from an earlier process of the same
 * instance in the same place.
 *
 * KEYS: lease. ARGV: milliseconds, "1" to wait until it has ended whoever has it, run, instance, place, desk, host, pid, the highest
 * epoch that the caller has seen. Answers `[1, epoch]`, or `[0, ...HGETALL]` if another has it. The epoch is Redis's clock in ms, or
 * more than the one before: after a failover, the clock may be behind that of the former primary, and the lease may be missing.
 */
export const holdScript = `
local held = redis.call('HMGET', KEYS[1], 'run', 'instance', 'place', 'epoch')
if held[1] and held[1] ~= ARGV[3] then
  local former = held[2] == ARGV[4] and held[3] == ARGV[5] and ARGV[2] ~= '1'
  if not former then
    local answer = redis.call('HGETALL', KEYS[1])
    table.insert(answer, 1, 0)
    return answer
  end
end
local epoch = held[4]
if held[1] ~= ARGV[3] then
  local time = redis.call('TIME')
  local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
  local before = math.max(tonumber(held[4] or '0') or 0, tonumber(ARGV[9]))
  epoch = string.format('%.0f', math.max(now, before + 1))
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], 'run', ARGV[3], 'instance', ARGV[4], 'place', ARGV[5], 'desk', ARGV[6],
    'host', ARGV[7], 'pid', ARGV[8], 'epoch', epoch)
end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return {1, epoch}
`;

/**
 * Runs commands if the lease is still the caller's, and renews it.
 *
 * KEYS: lease, then those of the commands. ARGV: milliseconds, run, epoch, then for each command its name, the number of its
 * key, how many arguments follow, and these. Answers `[1, ...replies]`, or `[0, ...HGETALL]` if the lease is another's or none's.
 */
export const writeScript = `
local held = redis.call('HMGET', KEYS[1], 'run', 'epoch')
if held[1] ~= ARGV[2] or held[2] ~= ARGV[3] then
  local answer = redis.call('HGETALL', KEYS[1])
  table.insert(answer, 1, 0)
  return answer
end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
local replies = {1}
local at = 4
while at <= #ARGV do
  local count = tonumber(ARGV[at + 2])
  local args = {}
  for n = 1, count do args[n] = ARGV[at + 2 + n] end
  replies[#replies + 1] = redis.call(ARGV[at], KEYS[tonumber(ARGV[at + 1])], unpack(args))
  at = at + 3 + count
end
return replies
`;

/** Gives the lease back if it is the caller's. KEYS: lease. ARGV: run. */
export const releaseScript = `
if redis.call('HGET', KEYS[1], 'run') == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
`;
