// The yardstick of bench/gate_run: a JavaScript Map of the same names, asked the same hosts, which
// come as bytes as they do in a request. It drops labels from the left until a name is there, and
// stops before the last label; port, dot at the end, other scripts and addresses it does not know.
//   node bench/gate_map.mjs FOLDER SECONDS
import { readFileSync } from 'node:fs'

const [folder, seconds] = process.argv.slice(2)
const names = new Map()
for (const name of readFileSync(`${folder}/names`, 'latin1').split('\n')) if (name) names.set(name, 1)
const hosts = readFileSync(`${folder}/hosts`)

function is_filed(host) {
  for (let name = host.toLowerCase(); ; ) {
    if (names.has(name)) return true
    const dot = name.indexOf('.')
    if (dot < 0) return false
    name = name.slice(dot + 1)
  }
}

const cpu_ms = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
let asked = 0
let filed = 0
const start_cpu = cpu_ms()
const start = performance.now()
while (performance.now() - start < Number(seconds) * 1000) {
  for (let at = 0; at < hosts.length; ) {
    const end = hosts.indexOf(10, at)
    if (is_filed(hosts.latin1Slice(at, end))) filed++
    asked++
    at = end + 1
  }
}
const took = (performance.now() - start) / 1000
const per_cpu = asked / (cpu_ms() - start_cpu) / 1e3
console.log(`map ${names.size} names, ${(asked / took / 1e6).toFixed(3)} M/s, ${per_cpu.toFixed(3)} M a processor second, ${((100 * filed) / asked).toFixed(1)} % filed`)

// Kindest to it: whole names only, as strings that it has seen before, so that their hash is known.
const known = [...names.keys()].filter((_, i) => i % 5 === 0)
for (let i = known.length - 1; i > 0; --i) {
  const j = Math.floor(Math.random() * (i + 1))
  ;[known[i], known[j]] = [known[j], known[i]]
}
let hits = 0
let n = 0
const again_cpu = cpu_ms()
const again = performance.now()
while (performance.now() - again < Number(seconds) * 1000) {
  for (const name of known) if (names.has(name)) hits++
  n += known.length
}
const rate = n / (performance.now() - again) / 1e3
const rate_cpu = n / (cpu_ms() - again_cpu) / 1e3
console.log(`map, the very strings it holds: ${rate.toFixed(3)} M/s, ${rate_cpu.toFixed(3)} M a processor second (${hits === n})`)
