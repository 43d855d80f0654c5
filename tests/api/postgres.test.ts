// The whole main path on PostgreSQL with two nodes, each with its worker: everything once.
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { handOver, orderOf, submitted } from '../support/journey.ts'
import { Applicant, Officer, Staff } from '../support/people.ts'
import { absence, Cluster } from '../support/cluster.ts'
import { eventually, run } from '../support/platform.ts'
import { binary } from '../support/platform.ts'

let cluster: Cluster
beforeAll(async () => {
  if (absence) return
  cluster = await Cluster.start()
  for (const [name, role] of [['reviewer', 'first_reviewer'], ['photo', 'photo_reviewer']] as const) await cluster.addStaff(name, role)
}, 240_000)
afterAll(async () => cluster?.stop())

test.skipIf(absence)('filings go their way through two nodes, and nothing is doubled', async () => {
  const applicants: Applicant[] = []
  for (let i = 0; i < 2; ++i) {
    const applicant = new Applicant(cluster.at(i % 2))
    await applicant.register(`pg${i}@applicant.example`)
    applicants.push(applicant)
  }
  // The staff sit at the node where the applicant is not.
  const staff = {
    reviewer: await Staff.logIn(cluster.at(1), 'reviewer'),
    photo: await Staff.logIn(cluster.at(0), 'photo'),
    officer: new Officer(cluster.platform),
  }
  const ids = await Promise.all(
    applicants.map(async (applicant, i) => {
      const { id } = await submitted(applicant, { enterprise: i === 0, domains: [`pg-${i}.cn`], sequence: 160 + i })
      return id
    }),
  )
  for (const [i, id] of ids.entries()) await handOver(applicants[i]!, staff, id)
  const numbers: string[] = []
  for (const [i, id] of ids.entries()) {
    const order = await orderOf(staff.officer, id)
    await staff.officer.call('POST', `orders/${order.id}/pass`, { opinion: '通过' })
    numbers.push((await applicants[i]!.reaches(id, 'approved')).result!.organiser_number)
  }
  expect(new Set(numbers).size).toBe(ids.length)
  // One order each at the bureau: neither node sent what the other had sent.
  const { orders } = await staff.officer.call<{ orders: { isp_record: string }[] }>('GET', 'orders?state=all').catch(() =>
    staff.officer.call<{ orders: { isp_record: string }[] }>('GET', 'orders'),
  )
  expect(orders.map((o) => o.isp_record).filter((r) => ids.includes(r)).length).toBeLessThanOrEqual(ids.length)
  await eventually('every result mailed', async () => numbers.every((n) => cluster.mail.mails().some((m) => m.text.includes(n))))
  // Staff are told of each round in the same words; applicants never hear the same thing twice.
  const sent = cluster.mail.mails().filter((m) => m.to.join().endsWith('applicant.example')).map((m) => `${m.to.join()} ${m.subject} ${m.text}`)
  expect(sent.length).toBe(new Set(sent).size)
  const texts = cluster.sms.received.map((m) => m.key)
  expect(texts.length).toBe(new Set(texts).size)
  expect(cluster.log).not.toContain('"level":"error"')

  const verified = await run(binary, ['audit', 'verify', '--config', cluster.config])
  expect(verified.said).toMatch(/^\d+ entries, the chain is whole/m)
  expect((await run(binary, ['check', '--config', cluster.config])).said).toContain('counters: good')
}, 240_000)

test.skipIf(absence)('a copy made while people work is drilled, and restores into another database', async () => {
  const folder = join(cluster.folder, 'copies')
  const writer = new Applicant(cluster.at(0))
  await writer.register('writer@applicant.example')
  const { id } = await writer.draft({ enterprise: true, domains: ['pg-written.cn'], sequence: 170 })
  let stop = false
  let written = 0
  const load = (async () => {
    while (!stop) await writer.change(id, [{ path: 'organiser.name', to: `示例科技${++written}有限公司` }])
  })()
  const copies: string[] = []
  try {
    for (let i = 0; i < 3; ++i) {
      const made = await run(binary, ['backup', '--config', cluster.config, '--to', folder])
      expect(made.status, made.said).toBe(0)
      copies.push(made.said.split('\n').find((line) => line.startsWith(folder))!)
      const drill = await run(binary, ['backup', 'drill', '--config', cluster.config, copies.at(-1)!])
      expect(drill, drill.said).toMatchObject({ status: 0, said: expect.stringContaining('it would serve') })
      expect(drill.said).not.toContain('only read')
      expect(drill.said).toMatch(/ [3-9] filings, [1-9]\d* audit entries, [1-9]\d* pictures opened/)
    }
  } finally {
    stop = true
    await load
  }
  expect(written).toBeGreaterThan(3)
  expect(cluster.databases().filter((name) => name.startsWith('beian_drill'))).toEqual([])

  const elsewhere = cluster.elsewhere('restored')
  expect(await run(binary, ['restore', '--config', elsewhere, copies.at(-1)!])).toMatchObject({ status: 0, said: expect.stringContaining('audit chain: whole') })
  expect((await run(binary, ['check', '--config', elsewhere])).said).toContain('counters: good')
  // A second time there is something in the way, and it stays as it is.
  expect(await run(binary, ['restore', '--config', elsewhere, copies[0]!])).toMatchObject({ status: 1 })
  expect((await run(binary, ['check', '--config', elsewhere])).said).toContain('counters: good')
}, 240_000)

test.skipIf(absence)('the database goes and comes back, one node dies, and the other goes on', async () => {
  const applicant = new Applicant(cluster.at(1))
  await applicant.register('outage@applicant.example')
  const before = await applicant.draft({ enterprise: false, domains: ['outage.cn'], sequence: 171 })
  const ready = async () => (await fetch(`${cluster.metrics[1]}/ready`)).status
  expect(await ready()).toBe(200)
  await cluster.server.outage(async () => {
    expect((await applicant.raw('GET', `/filings/${before.id}`)).status).toBe(503)
    expect(await ready()).toBe(503)
    expect((await fetch(`${cluster.metrics[1]}/health`)).status).toBe(200)
    expect((await fetch(`${cluster.metrics[1]}/metrics`)).status).toBe(503)
  })
  await eventually('the node serving again', async () => (await applicant.raw('GET', `/filings/${before.id}`)).status === 200)
  expect(await ready()).toBe(200)

  // The other node's work is taken up: mails and exchange go on.
  const [first] = cluster.children.filter((child) => child.spawnargs.includes('serve'))
  const gone = new Promise((done) => first!.once('exit', done))
  first!.kill('SIGKILL')
  await gone
  await applicant.uploadAll(before.id)
  await applicant.act(before.id, 'submit')
  const other = new Applicant(cluster.at(1))
  await other.register('survivor@applicant.example') // waits for the mail
  const reviewer = await Staff.logIn(cluster.at(1), 'reviewer')
  await reviewer.decide(before.id, 'pass_initial')
  await applicant.reaches(before.id, 'verification')
}, 240_000)
