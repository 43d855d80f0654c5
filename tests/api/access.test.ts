// Who may call what: every route of the contract by everybody, and somebody else's filing by its
// neighbour.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contractRoutes, type ContractRoute, filled } from '../support/contract.ts'
import { Applicant, Browser, type Filing, Program, sample, Staff } from '../support/people.ts'
import { eventually, Platform, root } from '../support/platform.ts'

let platform: Platform
let owner: Applicant
let draft: Filing
let handed: Filing
const made: Record<string, Browser> = {}

beforeAll(async () => {
  platform = await Platform.start()
  owner = new Applicant(platform)
  await owner.register('owner@applicant.example')
  draft = await owner.draft({ enterprise: true, domains: ['owned.cn'], sequence: 201 })
  await owner.uploadAll(draft.id)
  draft = await owner.filing(draft.id)
  const { id } = await owner.draft({ enterprise: false, domains: ['owned-handed.cn'], sequence: 202 })
  await owner.uploadAll(id)
  handed = await owner.act(id, 'submit')
  const neighbour = new Applicant(platform)
  await neighbour.register('neighbour@applicant.example')
  made.applicant = neighbour
  for (const role of Object.keys(roleOf)) made[role] = await Staff.logIn(platform, role)
  made.anonymous = new Browser(platform)
}, 120_000)
afterAll(async () => platform?.stop())

const routes = contractRoutes()
const roleOf: Record<string, string> = {
  reviewer: 'first_reviewer', photo: 'photo_reviewer', dispatch: 'dispatcher', senior: 'senior', rules: 'rules_editor', admin: 'administrator',
  security: 'security_administrator', audit: 'audit_administrator',
}
const callers = ['anonymous', 'applicant', ...Object.keys(roleOf)]
const atCases = ['first_reviewer', 'photo_reviewer', 'dispatcher', 'senior', 'administrator']

// Nobody's limit of pace stands in the way of trying everything: a fresh address for each call.
let calls = 0
async function attempt(who: Browser, route: ContractRoute, holes: Record<string, string> = {}, body?: unknown) {
  who.address = `10.200.${++calls >> 8}.${calls & 255}`
  let sent = body
  if (sent === undefined && route.multipart) {
    const form = new FormData()
    form.set('nothing', 'x')
    sent = form
  }
  if (sent === undefined && route.hasBody) sent = {}
  const response = await who.raw(route.method, filled(route.path, holes), sent)
  const text = await response.text()
  const problem = response.headers.get('content-type')?.includes('problem+json') ? JSON.parse(text) : undefined
  return { status: response.status, reason: problem?.reason as string | undefined, problem, text }
}

describe('the contract and the program agree', () => {
  test('every route of the contract exists', async () => {
    expect(routes.length).toBeGreaterThan(45)
    expect(routes.filter((r) => !['anyone', 'account', 'staff', 'ticket', 'demo'].includes(r.who))).toEqual([])
    const absent: string[] = []
    for (const route of routes) {
      const { status, reason } = await attempt(made.anonymous!, route)
      if (status === 405 || reason === 'http_404' || status >= 500) absent.push(`${route.method} ${route.path}: ${status} ${reason}`)
    }
    expect(absent).toEqual([])
  })

  test('every other method of those paths is answered 405, naming exactly the contract’s', async () => {
    const byPath = new Map<string, string[]>()
    for (const r of routes) byPath.set(r.path, [...(byPath.get(r.path) ?? []), r.method])
    for (const [path, methods] of byPath) {
      made.anonymous!.address = `10.201.${++calls >> 8}.${calls & 255}`
      const missing = ['DELETE', 'PUT', 'PATCH', 'POST', 'GET'].find((m) => !methods.includes(m))!
      const response = await made.anonymous!.raw(missing, filled(path), missing === 'GET' ? undefined : {})
      expect([path, response.status]).toEqual([path, 405])
      const allowed = response.headers.get('allow')!.split(', ').filter((m) => m !== 'HEAD')
      expect([path, allowed.sort()]).toEqual([path, [...methods].sort()])
    }
  })

  test('the sources hold no route that the contract does not', () => {
    const files = readdirSync(join(root, 'src/http')).filter((name) => /^handlers_\w+\.cc$/.test(name))
    const declared = files.flatMap((name) => {
      const text = readFileSync(join(root, 'src/http', name), 'utf8')
      return [...text.matchAll(/routes\.(get|post|put|patch|del)\(\s*"\/api\/v1(\/[^"]+)"/g)].map(
        ([, method, path]) => `${method === 'del' ? 'DELETE' : method!.toUpperCase()} ${path}`,
      )
    })
    expect(declared.sort()).toEqual(routes.map((r) => `${r.method} ${r.path}`).sort())
  })
})

describe.each(callers)('%s', (caller) => {
  test.each(routes.filter((r) => r.path !== '/account/logout').map((r) => [r.method, r.path, r] as const))('%s %s', async (_m, _p, route) => {
    const who = made[caller]!
    const got = await attempt(who, route)
    expect(got.status, got.text).toBeLessThan(500)
    const known = caller !== 'anonymous'
    const roles = route.roles.length > 0 ? route.roles : atCases
    const staff = known && caller !== 'applicant' && roles.includes(roleOf[caller]!)
    const barred =
      (route.who === 'account' && !known) || (route.who === 'staff' && !staff)
        ? known
          ? [403, 'role_missing']
          : [401, 'login_required']
        : undefined
    if (barred) expect([got.status, got.reason]).toEqual(barred)
    else expect(['login_required', 'role_missing', 'csrf_token', 'http_404']).not.toContain(got.reason)
  })
})

// A token opens what names one of its scopes, and nothing else whoever it belongs to.
describe.each([
  ['applicant', 'filings.read'],
  ['applicant', 'filings.write'],
  ['applicant', 'webhooks'],
  ['senior', 'filings.read filings.write webhooks'],
] as const)('a token of %s for %s', (owner, scopes) => {
  let program: Program
  beforeAll(async () => (program = await Program.of(made[owner]!, scopes.split(' '))))

  test.each(routes.filter((r) => r.who === 'account' || r.who === 'staff').map((r) => [r.method, r.path, r] as const))('%s %s', async (_m, _p, route) => {
    const got = await attempt(program, route)
    expect(got.status, got.text).toBeLessThan(500)
    if (route.who === 'staff') {
      expect(got.status).toBe(403)
      expect(['role_missing', 'token_not_admitted']).toContain(got.reason)
    } else if (!route.scope) expect([got.status, got.reason]).toEqual([403, 'token_not_admitted'])
    else if (!scopes.split(' ').includes(route.scope)) expect([got.status, got.reason]).toEqual([403, 'token_scope_missing'])
    else
      expect(['token_unknown', 'token_not_admitted', 'token_scope_missing', 'login_required', 'csrf_token', 'http_404']).not.toContain(got.reason)
  })
})

// A member acts for his agency as far as his role goes; what names no scope he does in person.
const k_may: Record<string, string[]> = {
  viewer: ['filings.read'],
  editor: ['filings.read', 'filings.write'],
  owner: ['filings.read', 'filings.write', 'agency.owner'],
}
class Member extends Browser {
  agency = ''
  override raw(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return super.raw(method, path, body, this.agency ? { 'beian-agency': this.agency, ...headers } : headers)
  }
}
describe('members of an agency', () => {
  const members: Record<string, Member> = {}
  const ids: Record<string, string> = {}
  const theirs: Record<string, string> = {} // another agency's client, member, import, filing
  let founder: Applicant
  beforeAll(async () => {
    const admin = made.admin!
    const found = async (email: string) => {
      const who = new Applicant(platform)
      await who.register(email)
      await admin.call('POST', '/desk/agencies', { email, name: email })
      return who
    }
    founder = await found('founder@applicant.example')
    const other = await found('other-founder@applicant.example')
    for (const role of Object.keys(k_may)) {
      const email = `member-${role}@applicant.example`
      const person = new Applicant(platform)
      await person.register(email)
      await founder.call('POST', '/agency/invitations', { email, role })
      const token = await eventually('the invitation', async () => {
        const mail = platform.mail.mails().findLast((m) => m.to.includes(email) && m.text.includes('/agency/join/'))
        return mail && /join\/([\w-]+)/.exec(mail.text)?.[1]
      })
      await person.call('POST', `/account/agency_invitations/${token}`)
      const member = (members[role] = new Member(platform))
      Object.assign(member, { cookie: person.cookie, csrf: person.csrf })
    }
    const agencies = (await admin.call<{ agencies: { id: string; email: string }[] }>('GET', '/desk/agencies')).agencies
    ids.agency = agencies.find((one) => one.email === 'founder@applicant.example')!.id
    for (const member of Object.values(members)) member.agency = ids.agency
    const listed = await founder.call<{ members: { id: string; email: string }[] }>('GET', '/agency/members')
    for (const one of listed.members) ids[one.email] = one.id
    const client = await other.call<{ id: string }>('POST', '/agency/clients', { name: '别人的客户' })
    theirs.clients = client.id
    theirs.members = agencies.find((one) => one.email === 'other-founder@applicant.example')!.id
    await other.call('POST', '/agency/invitations', { email: 'theirs@applicant.example', role: 'viewer' })
    theirs.invitations = (await other.call<{ invitations: { id: string }[] }>('GET', '/agency/members')).invitations[0]!.id
    const question = other.question({ enterprise: true, domains: ['theirs-agency.cn'], sequence: 204 })
    theirs.filings = (await other.call<Filing>('POST', '/filings', { ...question, client_id: client.id })).id
    const form = new FormData()
    form.set('file', new Blob(['organiser.nature,organiser.certificate_type,organiser.certificate_number,organiser.province,sites.domain\n企业,x,y,浙江,z.cn']), 'a.csv')
    theirs.imports = (await other.call<{ id: string }>('POST', '/agency/imports', form)).id
  }, 120_000)

  const accountRoutes = routes.filter((r) => r.who === 'account')
  describe.each(Object.keys(k_may))('%s', (role) => {
    test.each(accountRoutes.map((r) => [r.method, r.path, r] as const))('%s %s', async (_m, _p, route) => {
      const got = await attempt(members[role]!, route)
      expect(got.status, got.text).toBeLessThan(500)
      if (!route.scope) expect([got.status, got.reason]).toEqual([403, 'agency_in_person'])
      else if (!k_may[role]!.includes(route.scope)) expect([got.status, got.reason]).toEqual([403, 'agency_role'])
      else expect(['agency_role', 'agency_in_person', 'agency_not_member', 'agency_none', 'http_404']).not.toContain(got.reason)
    })
    test('opens no staff route', async () => {
      for (const route of routes.filter((r) => r.who === 'staff')) expect((await attempt(members[role]!, route)).status).toBe(403)
    })
  })

  const bodies: Record<string, unknown> = {
    'PATCH /agency/members/{id}': { role: 'viewer' },
    'PATCH /agency/clients/{id}': { name: '改名' },
  }
  test.each(routes.filter((r) => r.path.startsWith('/agency/') && r.path.includes('{id}')).map((r) => [`${r.method} ${r.path}`, r] as const))(
    '%s: another agency’s is as one that does not exist',
    async (name, route) => {
      const kind = route.path.split('/')[2]!
      const own = await founder.call<{ clients: { id: string }[] }>('GET', '/agency/clients')
      const body = name === 'PUT /agency/filings/{id}/client' ? { client_id: own.clients[0]!.id } : bodies[name]
      for (const who of [founder, members.owner!]) {
        const got = await attempt(who, route, { id: theirs[kind]! }, body)
        const missing = await attempt(who, route, { id: '4611686018427387904' }, body)
        expect([got.status, got.reason]).toEqual([404, 'not_found'])
        expect([missing.status, missing.reason]).toEqual([404, 'not_found'])
      }
    },
  )

  test('another’s client is no folder for one’s own filing', async () => {
    const question = founder.question({ enterprise: true, domains: ['founders.cn'], sequence: 205 })
    const refused = await attempt(founder, routes.find((r) => r.method === 'POST' && r.path === '/filings')!, {}, { ...question, client_id: theirs.clients })
    expect([refused.status, refused.reason]).toEqual([422, 'client_needed'])
  })

  test('removed in the middle of a session: every route is closed', async () => {
    await founder.call('DELETE', `/agency/members/${ids['member-editor@applicant.example']}`)
    for (const route of accountRoutes)
      expect([route.path, (await attempt(members.editor!, route)).reason]).toEqual([route.path, 'agency_not_member'])
  })
})

describe('somebody else’s filing', () => {
  const bodies: Record<string, unknown> = {
    'PATCH /filings/{id}/content': { changes: [{ path: 'organiser.name', from: '示例科技有限公司', to: '别人的公司' }] },
    'POST /filings/{id}/actions/{action}': { version: 1 },
    'POST /filings/{id}/tickets': { purpose: 'organiser_certificate' },
    'POST /filings/{id}/backdrop': {
      recipient: '测试', phone: '19900001001', province: '330000', city: '330100', county: '330106', address: '示例路1号',
    },
  }
  const body = (route: ContractRoute) => {
    if (!route.multipart) return bodies[`${route.method} ${route.path}`]
    const form = new FormData()
    form.set('purpose', 'organiser_certificate')
    form.set('file', sample('business_licence'), 'a.jpg')
    return form
  }

  test.each(
    routes.filter((r) => r.path.startsWith('/filings/{id}')).map((r) => [`${r.method} ${r.path}`, r] as const),
  )('%s: the same 404 as for one that does not exist, and nothing changes', async (_name, route) => {
    const neighbour = made.applicant!
    for (const filing of [draft, handed]) {
      const before = await owner.filing(filing.id)
      const material = before.materials[0]!.id
      for (const action of route.path.includes('{action}') ? ['submit', 'withdraw', 'submit_photo'] : ['submit']) {
        const holes = { material, action, key: 's1' }
        const theirs = await attempt(neighbour, route, { ...holes, id: filing.id }, body(route))
        const missing = await attempt(neighbour, route, { ...holes, id: '4611686018427387904' }, body(route))
        expect(theirs.status).toBe(404)
        const { request_id: a, ...first } = theirs.problem
        const { request_id: b, ...second } = missing.problem
        expect(a).not.toBe(b)
        expect(first).toEqual(second)
      }
      const after = await owner.filing(filing.id)
      expect([after.version, after.state, after.materials, after.content]).toEqual([
        before.version, before.state, before.materials, before.content,
      ])
    }
  }, 60_000)

  test('its pictures are not reachable through a filing of one’s own', async () => {
    const neighbour = made.applicant as Applicant
    const own = await neighbour.draft({ enterprise: true, domains: ['neighbour.cn'], sequence: 203 })
    const material = draft.materials[0]!.id
    for (const method of ['GET', 'DELETE']) {
      const got = await neighbour.raw(method, `/filings/${own.id}/materials/${material}`)
      expect(got.status).toBe(404)
    }
    expect((await owner.filing(draft.id)).materials.map((m) => m.id)).toContain(material)
  })

  test('its product cannot be used, nor its codes be made', async () => {
    const neighbour = made.applicant as Applicant
    const { products } = await owner.call<{ products: { id: string; ips: string[] }[] }>('GET', '/products')
    const product = products[0]!
    await expect(neighbour.call('POST', `/products/${product.id}/codes`, { for_email: 'x@applicant.example' })).rejects.toMatchObject({ status: 404 })
    const seen = await neighbour.call<{ problems: { code: string }[]; product?: unknown }>('POST', '/products/check', { ip: product.ips[0] })
    expect(seen.problems.map((p) => p.code)).toEqual(['product_unknown'])
    expect(JSON.stringify(seen)).not.toContain(product.id)
  })

  test('a draft is nobody’s at the desk either', async () => {
    for (const role of ['reviewer', 'senior']) {
      const got = await attempt(made[role]!, { method: 'GET', path: '/desk/filings/{id}', who: 'staff', roles: [], multipart: false, hasBody: false }, { id: draft.id })
      expect(got.status).toBe(404)
      const rows = await made[role]!.call<{ rows: { id: string }[] }>('GET', `/desk/filings?queue=all&q=${draft.id}`)
      expect(rows.rows).toEqual([])
    }
  })
})

// Staff who are there for some provinces or customers only: the rest is as if it were not there.
describe('what lies outside somebody’s scope', () => {
  const scoped: Record<string, Staff> = {}
  const give = async (name: string, scope: { provinces?: string[]; customers?: string[] }) => {
    const { email, password } = platform.staff[name]!
    const { id } = await (made.security as Staff).call<{ id: string }>('POST', '/desk/staff/grants', { email, role: roleOf[name], ...scope })
    const admin = await Staff.logIn(platform, 'admin')
    await admin.call('POST', `/desk/staff/grants/${id}/grant`)
    scoped[name] = new Staff(platform)
    await scoped[name]!.logIn(email, password)
  }
  const queues = (who: Staff) => who.call<{ queues: { name: string; count: number }[] }>('GET', '/desk/queues')
  const listed = (who: Staff, query: string) =>
    who.call<{ rows: { id: string }[]; total: number }>('GET', `/desk/filings?${query}`)

  beforeAll(async () => {
    await give('senior', { provinces: ['440000'] })
    await give('reviewer', { customers: ['neighbour@applicant.example'] })
    await give('photo', { provinces: ['330000'], customers: ['owner@applicant.example'] })
  })

  test.each(
    routes.filter((r) => r.path.startsWith('/desk/filings/{id}')).map((r) => [`${r.method} ${r.path}`, r] as const),
  )('%s: the same 404 as for a case that does not exist', async (_name, route) => {
    const bodies: Record<string, unknown> = {
      'PUT /desk/filings/{id}/corrections': { corrections: [] },
      'POST /desk/filings/{id}/calls': { person: 'principal', result: 'confirmed' },
      'POST /desk/filings/{id}/actions/{action}': { version: 1 },
      'POST /desk/filings/{id}/letters': { text: '在吗' },
      'POST /desk/filings/{id}/hand_over': { to: '5' },
      'POST /desk/filings/{id}/rules/{rule}': { field: 'organiser.name', decision: 'waived', reason: '看过' },
    }
    const body = bodies[`${route.method} ${route.path}`]
    for (const name of ['senior', 'reviewer']) {
      const holes = { action: 'pass_initial', material: handed.materials[0]!.id, rule: 'x', message: '1' }
      const theirs = await attempt(scoped[name]!, route, { ...holes, id: handed.id }, body)
      const missing = await attempt(scoped[name]!, route, { ...holes, id: '4611686018427387904' }, body)
      expect([theirs.status, theirs.reason]).toEqual([404, missing.reason])
    }
  })

  test('is in no list, no count and no search, and is never handed out', async () => {
    for (const name of ['senior', 'reviewer']) {
      expect((await queues(scoped[name]!)).queues.filter((one) => one.count > 0)).toEqual([])
      for (const query of ['queue=all', 'queue=initial_review', `queue=all&q=${handed.id}`, 'queue=all&q=owned-handed.cn'])
        expect(await listed(scoped[name]!, query)).toMatchObject({ rows: [], total: 0 })
      await expect(scoped[name]!.call('POST', '/desk/next', {})).rejects.toMatchObject({ status: 404, reason: 'queue_empty' })
    }
    // Whoever has both the province and the customer sees it, and the counts say what the lists do.
    const inside = scoped.photo!
    expect((await listed(inside, `queue=all&q=${handed.id}`)).rows.map((one) => one.id)).toEqual([handed.id])
    const tasks = ['verification_tasks', 'unfiled_sites'] // counted beside the queues, listed elsewhere
    for (const { name, count } of (await queues(inside)).queues.filter((one) => !tasks.includes(one.name)))
      expect([name, (await listed(inside, `queue=${name}&limit=100`)).rows.length]).toEqual([name, count])
    await inside.call('GET', `/desk/filings/${handed.id}`)
  })

  test('has no colleagues: whose scopes meet nowhere do not see each other, and nobody is given it', async () => {
    type Colleague = { id: string; name: string; role: string; may_take: number }
    const who = async (by: Browser, query = '') => (await by.call<{ colleagues: Colleague[] }>('GET', `/desk/colleagues${query}`)).colleagues
    const roles = async (by: Browser, query = '') => (await who(by, query)).map((one) => one.role).sort()
    // 440000 and 330000 have nothing in common; whoever is there for customers may be there for both.
    expect(await roles(scoped.senior!)).toEqual(['administrator', 'dispatcher', 'first_reviewer', 'senior'])
    expect(await roles(scoped.photo!)).toEqual(['administrator', 'dispatcher', 'photo_reviewer'])
    // Of one case: who may see it, and who of them may decide it.
    const admin = await Staff.logIn(platform, 'admin')
    const around = await who(admin, `?filings=${handed.id}`)
    expect(around.map((one) => [one.role, one.may_take]).sort()).toEqual([['administrator', 1], ['dispatcher', 0], ['photo_reviewer', 0]])
    await expect(who(scoped.senior!, `?filings=${handed.id}`)).rejects.toMatchObject({ status: 404 })
    const senior = (await who(admin)).find((one) => one.role === 'senior')!
    const done = await admin.call<{ results: { done: boolean; problem: { code: string } | null }[] }>('POST', '/desk/bulk', {
      act: 'assign', filings: [{ id: handed.id }], assignee: senior.id,
    })
    expect(done.results).toMatchObject([{ done: false, problem: { code: 'assignee_unfit' } }])
  })

  test('reminds nobody: a name called outside its scope is not told, nor what was called before', async () => {
    const admin = await Staff.logIn(platform, 'admin')
    const note = await admin.call<{ id: string }>('POST', `/desk/filings/${handed.id}/notes`, { text: '请 @主管丁 和 @照片审核员乙 看看' })
    const reminders = (by: Browser) => by.call<{ unseen: number; mentions: { id: string }[] }>('GET', '/desk/reminders')
    expect(await reminders(scoped.senior!)).toMatchObject({ unseen: 0, mentions: [] })
    expect(await reminders(scoped.photo!)).toMatchObject({ unseen: 1, mentions: [{ id: note.id }] })
    // As if the scope had been narrowed after the note.
    await platform.sql(`UPDATE mentions SET account_id = (SELECT account_id FROM staff_scopes WHERE value = '440000') WHERE note_id = ${note.id}`)
    expect(await reminders(scoped.senior!)).toMatchObject({ unseen: 0, mentions: [] })
  })

  test('counts in no number', async () => {
    const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)
    type Numbers = { totals: { submitted: number }; scope: { provinces: string[]; own_only: boolean } }
    const numbers = (by: Browser) => by.call<Numbers>('GET', `/desk/statistics?from=${today}&until=${today}`)
    const admin = await Staff.logIn(platform, 'admin')
    await eventually('today rolled up', async () => (await numbers(admin)).totals.submitted > 0, 60_000)
    expect(await numbers(scoped.senior!)).toMatchObject({ totals: { submitted: 0 }, scope: { provinces: ['440000'], own_only: false } })
    expect(await numbers(scoped.reviewer!)).toMatchObject({ totals: { submitted: 0 }, scope: { own_only: true } })
    expect(await numbers(scoped.photo!)).toMatchObject({ scope: { provinces: ['330000'], own_only: true } })
    const lines = await scoped.senior!.call<{ bureaus: { province: string }[] }>('GET', '/desk/bureaus')
    expect(lines.bureaus.filter((one) => one.province !== '440000')).toEqual([])
  })

  test('is asked for by one and given by another, and names what does not exist', async () => {
    const ask = (body: object) => (made.security as Staff).call('POST', '/desk/staff/grants', body)
    const { email } = platform.staff.dispatch!
    await expect(ask({ email, role: 'dispatcher', provinces: ['999999'], customers: ['nobody@x.example'] })).rejects.toMatchObject({
      status: 422, problems: [{ field: 'provinces', code: 'choice_unknown' }, { field: 'customers', code: 'customer_unknown' }],
    })
    await expect(ask({ email: platform.staff.rules!.email, role: 'rules_editor', provinces: ['330000'] })).rejects.toMatchObject({ problems: [{ code: 'scope_useless' }] })
    await expect(ask({ email: platform.staff.senior!.email, role: 'senior', provinces: ['440000'] })).rejects.toMatchObject({ reason: 'grant_same' })
    const { staff } = await (made.security as Staff).call<{ staff: { email: string; scope: object }[] }>('GET', '/desk/staff')
    expect(staff.find((one) => one.email === platform.staff.photo!.email)!.scope).toEqual({ provinces: ['330000'], customers: ['owner@applicant.example'] })
  })
})
