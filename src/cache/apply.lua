-- Applies changes to the published list or to one being built: all in order, or none. They are the changes of whole
-- versions, sorted by ID within a version, so that changes of one segment are adjacent.
--
-- KEYS[1]  the list's meta hash: epoch, version, token, state, generation, directory, books, next
-- ARGV     prefix of its keys, before the generation; epoch, version and token that the list must be
--          at; 1 or 0: whether to insist on that; 1 or 0: whether to count the rows first; version and token that the
--          changes lead to; then for each change: op, ID as in the row, row before, row after
-- Returns  {'ok'} | {'missing'} | {'moved', epoch, version, token} | {'broken', why}
--
-- The state is 'dirty' from the first write to the last, so that a script that dies half-way leaves a list that nobody
-- uses. Rows and IDs are compared bytewise, regardless of the server's locale.

local LONGEST, HALF = 2000, 1000     -- rows at which a segment is split, and of the part that stays
local SHORTEST, MERGED = 300, 1500   -- rows below which a segment is merged, and the maximum of the result
local LOG_LENGTH = 1000              -- directory changes that readers can apply one by one
local MANY = 16                      -- changes for which the whole directory is read

local EPOCH, VERSION, TOKEN, INSIST, COUNT, NEW_VERSION, NEW_TOKEN = 2, 3, 4, 5, 6, 7, 8  -- places in ARGV,
local FIRST, FIELDS = 9, 4                                                                -- and of the changes

local meta = KEYS[1]
local state = redis.call('HMGET', meta, 'epoch', 'version', 'token', 'state', 'generation', 'directory', 'books', 'next')
if not state[1] then
  return {'missing'}
end
local token = state[3] or '0'        -- older programs write no token
if ARGV[INSIST] == '1' and (state[1] ~= ARGV[EPOCH] or state[2] ~= ARGV[VERSION] or token ~= ARGV[TOKEN]) then
  return {'moved', state[1], state[2], token}
end
if state[4] ~= 'ok' then
  return {'broken', 'it was left half-changed'}
end

local base = ARGV[1] .. state[5] .. ':'
local directory, log = base .. 'directory', base .. 'log'
local version, books, next_id = tonumber(state[6]), tonumber(state[7]), tonumber(state[8])
local segments = redis.call('LLEN', directory)

local byte, sub, match = string.byte, string.sub, string.match

-- Most IDs have a common prefix: skip it eight bytes at a time.
local function is_after(a, b)
  local shorter, from = math.min(#a, #b), 1
  while from + 7 <= shorter and sub(a, from, from + 7) == sub(b, from, from + 7) do
    from = from + 8
  end
  for i = from, shorter do
    local x, y = byte(a, i), byte(b, i)
    if x ~= y then
      return x > y
    end
  end
  return #a > #b
end

-- The whole directory, if there are enough changes to read it at once; nil: read entry by entry.
local entries

local function raw_entry(index)
  if not entries and #ARGV > MANY * FIELDS then
    entries = redis.call('LRANGE', directory, 0, -1)
  end
  return entries and entries[index + 1] or redis.call('LINDEX', directory, index)
end

local function first_at(index)
  return match(raw_entry(index), '^%d+\t%d+\t(.*)$')
end

local function entry_at(index)
  local id, count, first = match(raw_entry(index), '^(%d+)\t(%d+)\t(.*)$')
  count = tonumber(count)
  return {index = index, id = id, count = count, noted = count, first = first, key = base .. id, place = 0}
end

local function write_entry(entry)
  local text = entry.id .. '\t' .. entry.count .. '\t' .. entry.first
  redis.call('LSET', directory, entry.index, text)
  if entries then
    entries[entry.index + 1] = text
  end
end

local function note(text)
  version = version + 1
  redis.call('RPUSH', log, text)
  redis.call('LTRIM', log, -LOG_LENGTH, -1)
end

-- Returns the segment of an ID: the last one that starts at or before it, else the first. It is not before the segment
-- at this index, and often near it.
local function segment_of(id, from)
  local low, high, step = from, segments - 1, 1
  while from > 0 and low + step <= high and not is_after(first_at(low + step), id) do
    low, step = low + step, step * 2
  end
  if from > 0 then
    high = math.min(high, low + step)
  end
  while low < high do
    local middle = math.ceil((low + high) / 2)
    if is_after(first_at(middle), id) then
      high = middle - 1
    else
      low = middle
    end
  end
  return entry_at(low)
end

local function id_at(entry, place)
  return match(redis.call('LINDEX', entry.key, place), '^[^\t]*')
end

-- Returns the position of the first row in a segment with a greater ID. It is often right after the last change.
local function place_in(entry, id)
  local low, high = 0, entry.count
  local guess = entry.place
  if guess > 0 and guess <= high and not is_after(id_at(entry, guess - 1), id) then
    low = guess
    if guess < high and is_after(id_at(entry, guess), id) then
      high = guess
    end
  end
  while low < high do
    local middle = math.floor((low + high) / 2)
    if is_after(id_at(entry, middle), id) then
      high = middle
    else
      low = middle + 1
    end
  end
  return low
end

-- The segment being changed. Its changes are added up and written to the directory once, when another segment is
-- opened.
local open

local function close()
  local entry = open
  open = nil
  if not entry or (entry.count == entry.noted and not entry.is_moved) then
    return
  end
  write_entry(entry)
  local difference = entry.count - entry.noted
  if difference ~= 0 then
    note(entry.index .. '\t' .. (difference > 0 and '+' or '-') .. math.abs(difference))
  end
end

-- Opens the segment of an ID. Returns an error, or nil.
local function seek(id)
  if open and (open.index == 0 or not is_after(open.first, id)) and (not open.limit or is_after(open.limit, id)) then
    return
  end
  local from = open and open.index > 0 and not is_after(open.first, id) and open.index or 0
  close()
  open = segment_of(id, from)
  if open.index + 1 < segments then
    open.limit = first_at(open.index + 1)
  end
  if ARGV[COUNT] == '1' and redis.call('LLEN', open.key) ~= open.count then
    return 'a segment has another length than the directory says'
  end
end

local function append(key, rows)
  for i = 1, #rows, 500 do
    redis.call('RPUSH', key, unpack(rows, i, math.min(i + 499, #rows)))
  end
end

local function split()
  local entry = open
  local rows = redis.call('LRANGE', entry.key, HALF, -1)
  local first = match(rows[1], '^[^\t]*')
  append(base .. next_id, rows)
  redis.call('LTRIM', entry.key, 0, HALF - 1)
  entry.count = HALF
  write_entry(entry)
  redis.call('LINSERT', directory, 'AFTER', redis.call('LINDEX', directory, entry.index),
             next_id .. '\t' .. #rows .. '\t' .. first)
  next_id = next_id + 1
  segments = segments + 1
  note('reload')
  open, entries = nil, nil
end

local function remove_entry(entry)
  redis.call('UNLINK', entry.key)
  redis.call('LREM', directory, 1, redis.call('LINDEX', directory, entry.index))
  entries = nil
  segments = segments - 1
  note('reload')
end

-- Merges the next segment into the open one, if both are small.
local function merge()
  local entry = open
  if entry.index + 1 >= segments then
    return
  end
  local other = entry_at(entry.index + 1)
  if entry.count + other.count > MERGED then
    return
  end
  append(entry.key, redis.call('LRANGE', other.key, 0, -1))
  remove_entry(other)
  entry.count = entry.count + other.count
  write_entry(entry)
  open = nil
end

local function add(id, row)
  local entry = open
  local place = place_in(entry, id)
  if place > 0 and id_at(entry, place - 1) == id then
    return 'a book that is added is there already'
  end
  if place == entry.count then
    redis.call('RPUSH', entry.key, row)
  elseif place == 0 then
    redis.call('LPUSH', entry.key, row)
    entry.first, entry.is_moved = id, true
  else
    redis.call('LINSERT', entry.key, 'BEFORE', redis.call('LINDEX', entry.key, place), row)
  end
  entry.count, entry.place = entry.count + 1, place + 1
  books = books + 1
  if entry.count > LONGEST then
    split()
  end
end

-- The list may have been built in a different order (control characters in IDs): then search for the row.
local function update(id, before, after)
  local entry = open
  local place = place_in(entry, id)
  entry.place = place
  place = place - 1
  if place < 0 or redis.call('LINDEX', entry.key, place) ~= before then
    place = redis.call('LPOS', entry.key, before)
  end
  if not place then
    return 'a book that is updated is not there as it was'
  end
  redis.call('LSET', entry.key, place, after)
end

local function delete(before)
  local entry = open
  if redis.call('LREM', entry.key, 1, before) ~= 1 then
    return 'a book that is deleted is not there as it was'
  end
  entry.count, entry.place = entry.count - 1, 0
  books = books - 1
  if entry.count == 0 then
    remove_entry(entry)
    open = nil
  elseif entry.count < SHORTEST then
    merge()
  end
end

-- Begins the first segment.
local function begin(id, row)
  redis.call('RPUSH', base .. next_id, row)
  redis.call('RPUSH', directory, next_id .. '\t1\t' .. id)
  next_id, segments, books, entries = next_id + 1, 1, books + 1, nil
  note('reload')
end

local function apply(op, id, before, after)
  if segments == 0 then
    if op ~= 'add' then
      return 'a book that is changed is not there'
    end
    return begin(id, after)
  end
  local fault = seek(id)
  if fault then
    return fault
  elseif op == 'add' then
    return add(id, after)
  elseif op == 'update' then
    return update(id, before, after)
  end
  return delete(before)
end

redis.call('HSET', meta, 'state', 'dirty')
for i = FIRST, #ARGV, FIELDS do
  local fault = apply(ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3])
  if fault then
    return {'broken', fault}
  end
end
close()
redis.call('HSET', meta, 'state', 'ok', 'version', ARGV[NEW_VERSION], 'token', ARGV[NEW_TOKEN], 'directory', version,
           'books', books, 'next', next_id)
return {'ok'}
