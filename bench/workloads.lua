-- The workloads of bench/run, one a run: wrk … -s workloads.lua URL -- NAME FOLDER PORT
-- FOLDER holds what bench_server wrote while it seeded. Each thread walks through its own share.

local threads = {}

function setup(thread)
  thread:set("index", #threads)
  thread:set("total_threads", tonumber(os.getenv("BENCH_THREADS") or "2"))
  table.insert(threads, thread)
end

local function lines(path)
  local out = {}
  for line in io.lines(path) do
    local words = {}
    for word in line:gmatch("%S+") do words[#words + 1] = word end
    out[#out + 1] = words
  end
  return out
end

local function own_share(all)
  local mine = {}
  for i, words in ipairs(all) do
    if i % total_threads == index then mine[#mine + 1] = words end
  end
  return mine
end

local function headers(cookie, csrf, kind)
  return {
    ["Cookie"] = "session=" .. cookie,
    ["X-CSRF-Token"] = csrf,
    ["Content-Type"] = kind or "application/json",
  }
end

local base = "/api/v1"
local counter = 0

local function pick(list)
  counter = counter % #list + 1
  return list[counter]
end

local make = {}

function make.empty()
  local request_bytes = wrk.format("GET", base .. "/bench/empty")
  return function() return request_bytes end
end

-- A filing's content judged whole, form and rules, without there being a filing: the body is the
-- enterprise of tests/vectors/form.json (bench/run writes it).
function make.precheck(folder)
  local file = assert(io.open(folder .. "/precheck.json"))
  local body = file:read("a")
  file:close()
  local request_bytes = wrk.format("POST", base .. "/precheck", {["Content-Type"] = "application/json"}, body)
  return function() return request_bytes end
end

-- The same filings again and again, as pages that look whether something has changed.
function make.read(folder)
  local mine = own_share(lines(folder .. "/owners"))
  local hot = {}
  for i = 1, math.min(1000, #mine) do hot[i] = mine[i] end
  return function()
    local f = pick(hot)
    return wrk.format("GET", base .. "/filings/" .. f[3], headers(f[1], f[2]))
  end
end

-- Another filing each time: nothing is found rendered.
function make.read_cold(folder)
  local mine = own_share(lines(folder .. "/owners"))
  counter = math.floor(#mine / 2)
  return function()
    local f = pick(mine)
    return wrk.format("GET", base .. "/filings/" .. f[3], headers(f[1], f[2]))
  end
end

function make.queue(folder)
  local staff = lines(folder .. "/staff")[1]
  local request_bytes =
    wrk.format("GET", base .. "/desk/filings?queue=initial_review", headers(staff[1], staff[2]))
  return function() return request_bytes end
end

function make.queue_raw(folder)
  local staff = lines(folder .. "/staff")[1]
  local request_bytes = wrk.format("GET", base .. "/bench/queue", headers(staff[1], staff[2]))
  return function() return request_bytes end
end

local function change(path, to)
  return '{"path":"' .. path .. '","from":null,"to":' .. to .. "}"
end

-- A unified social credit code with its check character (GB 32100): each draft its own organiser.
local alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
local function credit_code(n)
  local body = string.format("91330199M%08d", n % 100000000)
  local sum, weight = 0, 1
  for i = 1, 17 do
    sum = sum + (alphabet:find(body:sub(i, i), 1, true) - 1) * weight
    weight = weight * 3 % 31
  end
  local check = (31 - sum % 31) % 31
  return body .. alphabet:sub(check + 1, check + 1)
end

-- 4 KiB: what an enterprise types for one website.
local function draft_body(domain, code)
  local text = function(t) return '"' .. t .. '"' end
  local head = '{"domain":"' .. domain .. '","nature":4,"certificate_type":1,'
    .. '"certificate_number":"' .. code .. '","province":"330000","changes":['
  local changes = {
    change("organiser.city", text("330100")),
    change("organiser.county", text("330106")),
    change("organiser.name", text("示例科技有限公司")),
    change("organiser.investor", text("示例投资人")),
    change("organiser.certificate_address", text("浙江省杭州市西湖区示例路1号示例大厦2幢301室")),
    change("organiser.address", text("示例路1号示例大厦2幢301室")),
    change("principal.name", text("测试乙")),
    change("principal.certificate_type", "2"),
    change("principal.certificate_from", text("2020-01-01")),
    change("principal.certificate_until", text("2040-01-01")),
    change("principal.mobile", text("19900001234")),
    change("principal.office_phone", text("0571-88880000")),
    change("principal.email", text("someone@organiser.example")),
    change("sites.s1.name", text("示例产品介绍")),
    change("sites.s1.home_url", text("www." .. domain)),
    change("sites.s1.services", "[8]"),
    change("sites.s1.access.locations", "[34]"),
    change("sites.s1.access.ips", '["198.18.1.1"]'),
  }
  local so_far = #head + #table.concat(changes, ",") + #change("organiser.remark", '""')
    + #change("sites.s1.remark", '""') + 4
  local sentence = "本网站介绍公司产品" -- 27 bytes
  local filler = string.rep(sentence, math.floor((4096 - so_far) / #sentence / 2))
  changes[#changes + 1] = change("organiser.remark", text(filler))
  changes[#changes + 1] = change("sites.s1.remark", text(filler))
  return head .. table.concat(changes, ",") .. "]}"
end

function make.create(folder)
  local mine = own_share(lines(folder .. "/owners"))
  local run = os.time() -- a counter per run, so that no domain comes twice
  return function()
    local f = pick(mine)
    local domain = "new-" .. run .. "-" .. index .. "-" .. counter .. ".cn"
    local code = credit_code((run % 1000) * 100000 + counter * total_threads + index)
    return wrk.format("POST", base .. "/filings", headers(f[1], f[2]), draft_body(domain, code))
  end
end

-- Each request passes another filing; a thread that has none left stops.
function make.review(folder)
  local staff = lines(folder .. "/staff")[1]
  local mine = own_share(lines(folder .. "/claimed"))
  local head = headers(staff[1], staff[2])
  counter = math.floor(tonumber(os.getenv("BENCH_REVIEWED") or "0") / total_threads)
  return function()
    counter = counter + 1
    local f = mine[counter]
    if f == nil then
      wrk.thread:stop()
      return wrk.format("GET", base .. "/bench/empty")
    end
    return wrk.format("POST", base .. "/desk/filings/" .. f[1] .. "/actions/pass_initial", head,
      '{"version":' .. f[2] .. "}")
  end
end

function make.upload(folder)
  local mine = own_share(lines(folder .. "/uploads"))
  local file = io.open(folder .. "/picture.jpg", "rb")
  local picture = file:read("*a")
  file:close()
  local edge = "bench-boundary-7f3a"
  local body = "--" .. edge .. '\r\nContent-Disposition: form-data; name="purpose"\r\n\r\n'
    .. "principal_certificate_front\r\n--" .. edge
    .. '\r\nContent-Disposition: form-data; name="file"; filename="photo.jpg"\r\n'
    .. "Content-Type: image/jpeg\r\n\r\n" .. picture .. "\r\n--" .. edge .. "--\r\n"
  return function()
    local f = pick(mine)
    return wrk.format("POST", base .. "/filings/" .. f[3] .. "/materials",
      headers(f[1], f[2], "multipart/form-data; boundary=" .. edge), body)
  end
end

local next_request
shown = 0

function init(arguments)
  next_request = make[arguments[1]](arguments[2])
end

function request() return next_request() end

-- Only counted and shown: a refused request is no work done.
function response(status, _, body)
  if status >= 300 then
    shown = shown + 1
    if shown <= 1 then io.stderr:write(status .. " " .. body:sub(1, 400) .. "\n") end
  end
end

function done(summary, latency)
  local bad = summary.errors.status + summary.errors.connect + summary.errors.read
    + summary.errors.write + summary.errors.timeout
  io.write(string.format("RESULT %d %d %.3f %.3f %.6f\n", summary.requests - summary.errors.status,
    bad, latency:percentile(50) / 1000, latency:percentile(99) / 1000, summary.duration / 1e6))
end
