// kill -9 at 60 random instants while people file: nothing acknowledged is lost, nothing is sent
// twice to the bureau, nothing stays stuck. BEIAN_SEED=n repeats the instants of a run.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Officer } from '../support/people.ts'
import { binary, eventually, Platform, root } from '../support/platform.ts'
import { expectAcceptedOnce, fileUpTo, randomNumbers, sleep, StubbornApplicant, StubbornStaff } from './clients.ts'

const kills = Number(process.env.BEIAN_KILLS ?? 60)
const atOnce = 4

// How often each message has been delivered so far, by what makes it one message.
function deliveries(platform: Platform): Map<string, number> {
  const count = new Map<string, number>()
  const add = (key: string) => count.set(key, (count.get(key) ?? 0) + 1)
  const folder = (platform.mail as unknown as { folder: string }).folder
  for (const name of readdirSync(folder)) {
    if (!name.endsWith('.eml')) continue
    const id = /^message-id:\s*(\S+)/im.exec(readFileSync(join(folder, name), 'utf8'))?.[1]
    if (id) add(id)
  }
  for (const sms of platform.sms.received) add(sms.key)
  return count
}

class Lives {
  private last = new Map<string, number>()
  ended = 0
  repeated = 0

  constructor(
    private platform: Platform,
    private random: () => number,
  ) {}

  private look() {
    const now = deliveries(this.platform)
    for (const [key, n] of now) {
      const before = this.last.get(key) ?? 0
      if (before > 0 && n > before) ++this.repeated
      // Only a life that ended between sending and noting it may leave the message to the next one.
      expect(n - before, `deliveries of ${key} in one life`).toBeLessThanOrEqual(1)
    }
    this.last = now
  }

  async endOne(): Promise<void> {
    // Mostly short lives; now and then a longer one, so that every stage is reached.
    const life = this.random() < 0.2 ? 1500 + 2500 * this.random() : 60 + 1400 * this.random()
    await sleep(life)
    await this.platform.kill()
    await sleep(100) // what was on its way into a sink has arrived
    ++this.ended
    this.look()
    if (this.ended % 10 === 0 && this.ended < kills) {
      // One in ten dies while it starts: recovery is interrupted too.
      void this.platform.run().catch(() => undefined)
      await sleep(100 + 900 * this.random())
      await this.platform.kill()
      ++this.ended
      this.look()
    }
    await this.platform.run()
  }

  finish() {
    this.look()
  }
}

function expectCountersAgree(platform: Platform) {
  const config = join(platform.folder, 'beian.toml')
  const check = spawnSync(binary, ['check', '--config', config], { cwd: root, encoding: 'utf8' })
  expect(check.stdout + check.stderr).toContain('counters: good')
  expect(check.status).toBe(0)
}

test(`${kills} kills during filings`, async () => {
  const seed = Number(process.env.BEIAN_SEED ?? Math.floor(Math.random() * 2 ** 31))
  console.log(`BEIAN_SEED=${seed}`)
  const platform = await Platform.start()
  try {
    await new Officer(platform).call('PUT', 'settings', { automatic: 'pass', automatic_delay_ms: 300 })
    const staff = {
      reviewer: await StubbornStaff.arrive(platform, 'reviewer'),
      photo: await StubbornStaff.arrive(platform, 'photo'),
    }
    const lives = new Lives(platform, randomNumbers(seed))
    const everybody: StubbornApplicant[] = []
    let over = false
    const fileAgainAndAgain = async () => {
      while (!over) {
        const n = everybody.length + 1
        const applicant = new StubbornApplicant(platform)
        everybody.push(applicant)
        const domains = n % 3 === 0 ? [`many-${n}.cn`, `more-${n}.com`] : [`site-${n}.cn`]
        await fileUpTo(applicant, staff, `applicant-${n}@applicant.example`, {
          enterprise: n % 3 === 0,
          domains,
          sequence: 100 + n,
        })
        await applicant.untilNumber(200_000)
      }
    }
    let broken: unknown
    const filing = Array.from({ length: atOnce }, () =>
      fileAgainAndAgain().catch((error: unknown) => {
        broken ??= error
      }),
    )
    while (lives.ended < kills && broken === undefined) {
      await lives.endOne()
      if (lives.ended % 6 === 0) for (const one of everybody) if (!one.ledger.number) await one.audit(false)
    }
    over = true
    await Promise.all(filing)
    if (broken !== undefined) throw broken
    lives.finish()

    for (const one of everybody) await one.audit(true)
    await expectAcceptedOnce(platform, everybody.map((one) => one.id))
    const numbers: string[] = []
    const domains: string[] = []
    for (const one of everybody) {
      const { result } = await one.filing(one.id)
      numbers.push(...result!.sites.map((s) => s.number!))
      domains.push(...result!.sites.map((s) => s.domain!))
    }
    expect(new Set(numbers).size).toBe(numbers.length)
    expect(new Set(domains).size).toBe(domains.length)
    expect(new Set(everybody.map((one) => one.ledger.number)).size).toBe(everybody.length)
    await eventually('nothing waiting to be sent', async () => {
      const counts = deliveries(platform)
      return everybody.every(
        (one) => [...counts.keys()].some((key) => key.startsWith(`sms/filing_approved/${one.id}/`)),
      )
    })
    await platform.kill('SIGTERM')
    expectCountersAgree(platform)
    console.log(
      `${lives.ended} kills, ${everybody.length} filings, ${domains.length} websites, ` +
        `${deliveries(platform).size} messages of which ${lives.repeated} were sent again`,
    )
  } finally {
    if (process.env.BEIAN_SHOW_LOG) console.log(platform.log)
    await platform.stop()
  }
}, 600_000)
