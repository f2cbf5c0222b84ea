-- What bench.pl and load.pl have wrk do. The environment says what:
--   BENCH_PATHS     file of paths, one a line, each with the ETag to ask with after a tab: asked for at random
--   BENCH_STATUS    the status that every answer must have: they are looked at, one by one, which takes time
--   BENCH_CONTAINS  and what each of them must hold
--   BENCH_REPORT    file for the figures

local threads = {}

function setup(thread)
   threads[#threads + 1] = thread
   thread:set("number", #threads)
end

local function ask_at_random(name)
   local asks = {}
   for line in io.lines(name) do
      local path, etag = line:match("^([^\t]+)\t?(.*)$")
      asks[#asks + 1] = wrk.format(nil, path, etag ~= "" and {["If-None-Match"] = etag} or nil)
   end
   math.randomseed(os.time() + 1000 * number)
   request = function() return asks[math.random(#asks)] end
end

local function look_at_answers(wanted, part)
   looked, wrong, files = 0, 0, 0
   response = function(status, headers, body)
      looked = looked + 1
      if status ~= wanted or not body:find(part, 1, true) then
         wrong = wrong + 1
      end
      for name, value in pairs(headers) do
         if name:lower() == "server-timing" and value:lower():find("page.?file") then
            files = files + 1
         end
      end
   end
end

function init()
   local paths, status = os.getenv("BENCH_PATHS"), os.getenv("BENCH_STATUS")
   if paths then ask_at_random(paths) end
   if status then look_at_answers(tonumber(status), os.getenv("BENCH_CONTAINS") or "") end
end

function done(summary, latency)
   local sum = {looked = 0, wrong = 0, files = 0}
   for name in pairs(sum) do
      for _, thread in ipairs(threads) do
         sum[name] = sum[name] + (thread:get(name) or 0)
      end
   end
   local errors = summary.errors
   local report = assert(io.open(os.getenv("BENCH_REPORT"), "w"))
   report:write(string.format('{"requests":%d,"microseconds":%d,"bytes":%d,"p50":%.3f,"p99":%.3f,"worst":%.3f,',
      summary.requests, summary.duration, summary.bytes, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
      latency.max / 1e3))
   report:write(string.format('"connect":%d,"read":%d,"write":%d,"status":%d,"timeout":%d,',
      errors.connect, errors.read, errors.write, errors.status, errors.timeout))
   report:write(string.format('"looked":%d,"wrong":%d,"files":%d}\n', sum.looked, sum.wrong, sum.files))
   report:close()
end
