// Another domain for a filed website: where the bureau allows it, and only there.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { components } from '../../web/src/shared/api/schema'
import { approved, handOver, type Staffed } from '../support/journey.ts'
import { Applicant, type Filing, Officer, sample, Staff } from '../support/people.ts'
import { eventually, Platform, run } from '../support/platform.ts'

type Registered = components['schemas']['RegisteredOrganiser']

let platform: Platform
let staff: Staffed
let owner: Applicant
let organiser: Registered
const registry = async () => (await owner.call<{ organisers: Registered[] }>('GET', '/registry')).organisers[0]!

// The bureaus that allow it, as an operator would write them.
function allow(bureaus: { province: string; since: string; source: string }[]) {
  return (folder: string) => {
    const file = join(folder, 'domain_changes.json')
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), bureaus }))
  }
}
async function start(since: string, name: string) {
  platform = await Platform.start({
    policy: { verification: false, sms: false },
    edit_data: allow([{ province: '330000', since, source: '示例通知' }]),
  })
  staff = {
    reviewer: await Staff.logIn(platform, 'reviewer'),
    photo: await Staff.logIn(platform, 'photo'),
    officer: new Officer(platform),
  }
  owner = new Applicant(platform)
  await owner.register(`${name}@applicant.example`)
  await approved(owner, staff, { enterprise: true, domains: [`${name}.cn`, `${name}-two.cn`], sequence: 480 })
  organiser = await registry()
}
const begin = () =>
  owner.call<Filing>('POST', `/registry/${organiser.id}/filings`, { kind: 'change', sites: [organiser.sites[0]!.id] })
const refused = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (e: unknown) => e as { problems: { field: string; code: string }[] },
  )

// A second domain of the website, at the bureau and here, as of one that was filed elsewhere.
async function give_further_domain(of: string, further: string): Promise<void> {
  const script = `
import re, sqlite3, sys
db, of, further = sqlite3.connect(sys.argv[1], timeout=60), sys.argv[2].encode(), sys.argv[3].encode()
for id, xml in db.execute('SELECT id, xml FROM subjects').fetchall():
    block = re.search(rb'<Ym_xx>(?:(?!</Ym_xx>).)*>' + re.escape(of) + rb'<(?:(?!</Ym_xx>).)*</Ym_xx>', xml, re.S)
    if not block: continue
    second = re.sub(rb'<Ymid>\\d+</Ymid>', b'<Ymid>990001</Ymid>', block[0]).replace(of, further)
    db.execute('UPDATE subjects SET xml = ? WHERE id = ?', (xml.replace(block[0], block[0] + second), id))
    db.execute('INSERT INTO domains (id, site_id, name) SELECT 990001, site_id, ? FROM domains WHERE name = ?', (sys.argv[3], sys.argv[2]))
    db.commit()
    sys.exit(0)
sys.exit('no such domain at the bureau')`
  const done = await run('/usr/bin/python3', ['-c', script, platform.bureauDatabase, of, further])
  if (done.status !== 0) throw new Error(done.said)
  await platform.sql(
    "INSERT INTO registered_domains (domain, site_id, organiser_id, bureau_id, state, changed_at) " +
      `SELECT '${further}', id, organiser_id, 990001, 'served', 1 FROM registered_sites WHERE domain = '${of}'`,
  )
}

beforeAll(() => start('2026-01-01', 'moves'), 240_000)
afterAll(() => platform?.stop())

test('the old domain stands beside the new one, and after the bureau’s consent the new one is filed', async () => {
  await give_further_domain('moves.cn', 'moves-further.cn')
  const draft = await begin()
  await owner.change(draft.id, [
    { path: 'sites.s1.change.domain', to: true },
    { path: 'sites.s1.home_url', to: 'www.moved-here.cn' },
  ])
  const same = await owner.filing(draft.id)
  expect(same.problems.map((p) => p.code)).toContain('domain_same')
  // The other website's is taken; its own proof is asked for.
  await owner.change(draft.id, [{ path: 'sites.s1.domain', to: 'moves-two.cn' }])
  await owner.uploadAll(draft.id)
  const taken = await refused(owner.act(draft.id, 'submit'))
  expect(taken!.problems).toContainEqual(expect.objectContaining({ field: 'sites.s1.domain', code: 'domain_filed' }))
  await owner.change(draft.id, [{ path: 'sites.s1.domain', to: 'moved-here.cn' }])
  const materials = (await owner.filing(draft.id)).required_materials!.filter((m) => m.required).map((m) => m.purpose)
  expect(materials).toContain('domain_certificate')
  await owner.upload(draft.id, 'domain_certificate', 's1', sample('domain_certificate')).catch(() => undefined)
  await owner.act(draft.id, 'submit')
  const desk = await staff.reviewer.claim(draft.id)
  const shown = (of: unknown) => (of as { sites: { domain: string }[] }).sites[0]!.domain
  expect([shown(desk.previous), shown(desk.content)]).toEqual(['moves.cn', 'moved-here.cn'])
  await handOver(owner, staff, draft.id)
  const order = await eventually('the change at the bureau', async () => {
    const { orders } = await staff.officer.call<{ orders: { id: string }[] }>('GET', 'orders?state=pending&kind=change')
    return orders[0]
  })
  const asked = JSON.stringify(await staff.officer.call('GET', `orders/${order.id}`))
  expect(asked).toContain('moved-here.cn')
  expect(asked).toContain('moves-further.cn')
  await staff.officer.call('POST', `orders/${order.id}/pass`, { opinion: '通过' })
  await owner.reaches(draft.id, 'approved')
  const now = await registry()
  expect(now.sites.map((site) => [[...site.domains].sort(), site.state, site.number])).toEqual([
    [['moved-here.cn', 'moves-further.cn'], 'served', organiser.sites[0]!.number],
    [['moves-two.cn'], 'served', organiser.sites[1]!.number],
  ])
  const here = async (domain: string) => (await owner.call<{ here: boolean }>('GET', `/domains/${domain}`)).here
  expect([await here('moved-here.cn'), await here('moves.cn'), await here('moves-further.cn'), await here('moves-two.cn')]).toEqual([true, false, true, true])
}, 180_000)

test('before the day from which the bureau allows it, the form does not ask and the call is refused', async () => {
  await platform.stop()
  await start('2099-01-01', 'stays')
  const draft = await begin()
  expect((draft.content as { record: Record<string, unknown> }).record.domain_changes).toBeUndefined()
  for (const [path, to] of [['sites.s1.change.domain', true], ['sites.s1.domain', 'stays-not.cn']] as const) {
    const no = await refused(owner.change(draft.id, [{ path, to }]))
    expect(no!.problems).toMatchObject([{ field: path, code: 'domain_fixed' }])
  }
  await owner.change(draft.id, [
    { path: 'sites.s1.change.site', to: true },
    { path: 'sites.s1.name', to: '示例新的名称' },
  ])
  await owner.uploadAll(draft.id)
  expect((await owner.act(draft.id, 'submit')).domains).toEqual(['stays.cn'])
}, 240_000)
