# From the lines of bench/run to its table: medians over the rounds.
#   raw RATE        NAME REQUESTS ERRORS P50MS P99MS SECONDS CPUTICKS
function median(list, n,   i, j, t, a) {
  for (i = 1; i <= n; ++i) a[i] = list[i]
  for (i = 2; i <= n; ++i)
    for (j = i; j > 1 && a[j - 1] > a[j]; --j) { t = a[j]; a[j] = a[j - 1]; a[j - 1] = t }
  return n % 2 ? a[(n + 1) / 2] : (a[n / 2] + a[n / 2 + 1]) / 2
}
function take(name, what,   i, list) {
  for (i = 1; i <= count[name]; ++i) list[i] = value[name, what, i]
  return median(list, count[name])
}
function verdict(is, goal, less) { return (less ? is <= goal : is >= goal) ? "met" : "NOT MET" }
function goal(text, is, wanted, less) {
  printf "%-58s %6.2f   goal %s %.2f   %s\n", text, is, less ? "<=" : ">=", wanted, verdict(is, wanted, less)
}
$1 ~ /^raw/ { value[$1, "rate", ++count[$1]] = $2; next }
{
  i = ++count[$1]
  value[$1, "rate", i] = $2 / $6
  errors[$1] += $3
  value[$1, "p50", i] = $4
  value[$1, "p99", i] = $5
  value[$1, "cpu", i] = $2 ? $7 / ticks / $2 * 1000 : 0
}
END {
  printf "\n%-34s %10s %9s %9s %14s %7s\n", "", "requests/s", "p50 ms", "p99 ms", "CPU s / 1,000", "errors"
  n = split("create review read read_cold queue upload empty queue_raw precheck create_slow review_slow", names, " ")
  split("create a draft (4 KiB)|pass a review|read a filing (again)|read a filing (another each time)|queue page, exact total|upload 300 KiB JPEG|  empty handler|  queue page, count done raw|check a content whole|create, slow fsync|review, slow fsync", words, "|")
  for (i = 1; i <= n; ++i)
    if (count[names[i]])
      printf "%-34s %10.0f %9.2f %9.2f %14.3f %7d\n", words[i], take(names[i], "rate"), take(names[i], "p50"), take(names[i], "p99"), take(names[i], "cpu"), errors[names[i]]
  raw = take("raw", "rate")
  printf "%-34s %10.0f\n", "  raw SQLite, a commit each", raw
  slow = count["raw_slow"] ? take("raw_slow", "rate") : 0
  if (slow) printf "%-34s %10.0f\n", "  raw SQLite, slow fsync", slow
  printf "\n"
  goal("create / raw SQLite commits", take("create", "rate") / raw, 2)
  goal("review / raw SQLite commits", take("review", "rate") / raw, 1.5)
  if (slow) goal("create / raw SQLite commits, slow fsync", take("create_slow", "rate") / slow, 2)
  if (slow) goal("review / raw SQLite commits, slow fsync", take("review_slow", "rate") / slow, 1.5)
  goal("read / empty handler", take("read", "rate") / take("empty", "rate"), 0.4)
  goal("pre-check / empty handler", take("precheck", "rate") / take("empty", "rate"), 0.25)
  goal("queue page / the same with raw count", take("queue", "rate") / take("queue_raw", "rate"), 1.5)
  for (i = 1; i <= 6; ++i)
    goal("p99 / median: " words[i], take(names[i], "p99") / take(names[i], "p50"), 4, 1)
}
