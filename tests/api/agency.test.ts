// An agency files for its clients: it asks to be one, imports a table, its client gives the identity
// parts by a link, and the filing goes its way; its members do what their roles allow and no more.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { orderOf, type Staffed } from '../support/journey.ts'
import { answers, Applicant, Browser, creditCode, type Filing, Officer, Program, Refused, sample, Staff } from '../support/people.ts'
import { eventually, Platform } from '../support/platform.ts'

let platform: Platform
let admin: Staff
let founder: Applicant
let agency = ''

// A member who acts for the agency, as the pages do: with a header on every call.
class Member extends Applicant {
  override raw(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return super.raw(method, path, body, path.startsWith('/account') || path.startsWith('/meta') ? headers : { 'beian-agency': agency, ...headers })
  }
}

const refusal = async (work: Promise<unknown>): Promise<Refused> => {
  try {
    await work
  } catch (error) {
    if (error instanceof Refused) return error
    throw error
  }
  throw new Error('it was not refused')
}
const linkIn = (email: string, path: RegExp) =>
  eventually(`a mail with ${path} to ${email}`, async () => {
    const mail = platform.mail.mails().findLast((m) => m.to.includes(email) && path.test(m.text))
    return mail && path.exec(mail.text)?.[1]
  })
async function join(email: string, role: string): Promise<Member> {
  await founder.call('POST', '/agency/invitations', { email, role })
  const token = await linkIn(email, /agency\/join\/([\w-]+)/)
  const member = new Member(platform)
  await member.register(email)
  await member.call('POST', `/account/agency_invitations/${token}`)
  return member
}

interface Client {
  id: string
  name: string
  filings: number
}
interface Import {
  id: string
  state: string
  rows: number
  good: number
  done: number
  drafts: number
  skipped: number
  errors: number
  problems: { cell: string; code: string; message: string; fix: string; hard: boolean; value: string }[]
  left_out: { row: number; code: string }[]
}
const clients = async (who: Browser = founder) => (await who.call<{ clients: Client[] }>('GET', '/agency/clients')).clients
const filings = async (query = '') =>
  (await founder.call<{ filings: (Filing & { client_id: string })[]; next: string | null }>('GET', `/agency/filings${query}`)).filings

async function upload(csv: string, who: Browser = founder, name = '客户.csv'): Promise<Import> {
  const form = new FormData()
  form.set('file', new Blob([csv]), name)
  return who.call('POST', '/agency/imports', form)
}
const finished = (id: string) =>
  eventually('the import', async () => {
    const now = await founder.call<Import>('GET', `/agency/imports/${id}`)
    return now.state === 'done' && now
  }, 60_000)

const head = '客户,organiser.nature,organiser.certificate_type,organiser.certificate_number,organiser.name,organiser.province,organiser.city,sites.domain,sites.name,principal.mobile'
const row = (n: number, over: Partial<Record<'client' | 'number' | 'province' | 'domain' | 'mobile', string>> = {}) =>
  [over.client ?? `客户${n}`, '企业', '营业执照', over.number ?? creditCode(7000 + n), `示例${n}公司`, over.province ?? '浙江', '杭州市', over.domain ?? `agency-row-${n}.cn`, `示例网站${n}`, over.mobile ?? '19900001000'].join(',')
const table = (...rows: string[]) => [head, ...rows].join('\r\n')

beforeAll(async () => {
  platform = await Platform.start()
  admin = await Staff.logIn(platform, 'admin')
  founder = new Applicant(platform)
  await founder.register('agency@applicant.example')
}, 120_000)
afterAll(async () => platform?.stop())

describe('becoming an agency', () => {
  test('asked, refused with a reason, asked again, accepted: what it had lies in a first folder', async () => {
    const before = await founder.draft({ enterprise: true, domains: ['agency-own.cn'], sequence: 730 })
    expect(await refusal(founder.call('GET', '/agency/clients'))).toMatchObject({ status: 403, reason: 'agency_none' })
    expect((await refusal(founder.call('POST', '/account/agency', { name: ' ' }))).problems.map((p) => p.code)).toEqual(['agency_name'])
    await founder.call('POST', '/account/agency', { name: '示例代办', note: '为 20 个客户办理' })
    expect(await refusal(founder.call('POST', '/account/agency', { name: '示例代办' }))).toMatchObject({ reason: 'agency_asked' })
    const [asked] = (await admin.call<{ agencies: { id: string; note: string; state: string }[] }>('GET', '/desk/agencies')).agencies
    expect(asked).toMatchObject({ state: 'asked', note: '为 20 个客户办理' })
    agency = asked!.id
    expect((await refusal(admin.call('POST', `/desk/agencies/${agency}`, { decision: 'refuse' }))).status).toBe(422)
    await admin.call('POST', `/desk/agencies/${agency}`, { decision: 'refuse', reason: '请写明客户' })
    await linkIn('agency@applicant.example', /(请写明客户)/)
    const own = (await founder.call<{ own: unknown }>('GET', '/account/agencies')).own
    expect(own).toMatchObject({ state: 'refused', reason: '请写明客户' })
    await founder.call('POST', '/account/agency', { name: '示例代办' })
    await admin.call('POST', `/desk/agencies/${agency}`, { decision: 'accept' })
    expect(await refusal(admin.call('POST', `/desk/agencies/${agency}`, { decision: 'accept' }))).toMatchObject({ reason: 'agency_decided' })
    const [first] = await clients()
    expect(first).toMatchObject({ name: '示例代办', filings: 1 })
    expect((await filings(`?client=${first!.id}`)).map((f) => f.id)).toEqual([before.id])
  }, 60_000)

  test('every new filing belongs to a client; clients are kept apart', async () => {
    const question = founder.question({ enterprise: true, domains: ['agency-new.cn'], sequence: 731 })
    expect(await refusal(founder.call('POST', '/filings', question))).toMatchObject({ status: 422, reason: 'client_needed' })
    expect((await refusal(founder.call('POST', '/filings', { ...question, client_id: '1' }))).reason).toBe('client_needed')
    const client = await founder.call<Client>('POST', '/agency/clients', { name: '甲客户' })
    expect((await refusal(founder.call('POST', '/agency/clients', { name: ' 甲客户 ' }))).reason).toBe('client_known')
    const made = await founder.call<Filing>('POST', '/filings', { ...question, client_id: client.id })
    expect((await filings(`?client=${client.id}`)).map((f) => f.id)).toEqual([made.id])
    expect((await filings('?q=agency-new')).map((f) => f.id)).toEqual([made.id])
    expect(await filings('?q=nothing-like-this')).toEqual([])
    expect((await refusal(founder.call('DELETE', `/agency/clients/${client.id}`))).reason).toBe('client_in_use')
    const other = await founder.call<Client>('POST', '/agency/clients', { name: '乙客户' })
    await founder.call('PUT', `/agency/filings/${made.id}/client`, { client_id: other.id })
    expect(await filings(`?client=${client.id}`)).toEqual([])
    await founder.call('DELETE', `/agency/clients/${client.id}`)
    expect((await clients()).map((c) => c.name)).not.toContain('甲客户')
  }, 60_000)
})

describe('members', () => {
  test('an invitation works once and for its address alone', async () => {
    await founder.call('POST', '/agency/invitations', { email: 'invited@applicant.example', role: 'editor' })
    const token = await linkIn('invited@applicant.example', /agency\/join\/([\w-]+)/)
    const other = new Applicant(platform)
    await other.register('somebody@applicant.example')
    const path = `/account/agency_invitations/${token}`
    expect(await other.call('GET', path)).toMatchObject({ agency: '示例代办', mine: false, email: expect.stringMatching(/^i\*+@/) })
    expect(await refusal(other.call('POST', path))).toMatchObject({ status: 403, reason: 'agency_invitation_other' })
    const invited = new Applicant(platform)
    await invited.register('invited@applicant.example')
    await invited.call('POST', path)
    expect(await refusal(invited.call('POST', path))).toMatchObject({ status: 404, reason: 'agency_invitation_unknown' })
    const { memberships } = await invited.call<{ memberships: { id: string }[] }>('GET', '/account/agencies')
    expect(memberships).toMatchObject([{ id: agency, name: '示例代办', role: 'editor' }])
    await invited.call('DELETE', `/account/agencies/${agency}`)
    expect((await invited.call<{ memberships: unknown[] }>('GET', '/account/agencies')).memberships).toEqual([])
  }, 60_000)

  test('a viewer reads, an editor files, an owner has members; who is removed is out at once', async () => {
    const viewer = await join('viewer@applicant.example', 'viewer')
    const editor = await join('editor@applicant.example', 'editor')
    const [first] = await clients()
    expect(await clients(viewer)).toEqual(await clients())
    expect(await refusal(viewer.call('POST', '/agency/clients', { name: '丙' }))).toMatchObject({ status: 403, reason: 'agency_role' })
    const [filing] = await filings()
    // He sees it, and is offered nothing that he may not do.
    expect(await viewer.filing(filing!.id)).toMatchObject({ id: filing!.id, editable_paths: [], allowed_actions: [] })
    expect((await founder.filing(filing!.id)).editable_paths).toBe('all')
    expect((await refusal(viewer.change(filing!.id, [{ path: 'organiser.remark', to: 'x' }]))).reason).toBe('agency_role')
    await editor.change(filing!.id, [{ path: 'organiser.remark', to: '由机构填写' }])
    // The history says which of them it was, to the agency and to staff alike.
    const client = await editor.call<Client>('POST', '/agency/clients', { name: '由办理人新建' })
    const begun = await editor.call<Filing>('POST', '/filings', { ...editor.question({ enterprise: true, domains: ['agency-by-member.cn'], sequence: 745 }), client_id: client.id })
    const who = (seen: Filing) => seen.events!.find((e) => e.action === 'created')!.actor_name
    expect(who(await founder.filing(begun.id))).toBe('editor@applicant.example')
    expect(who(await founder.filing(filing!.id))).toBeNull()
    expect(await refusal(editor.call('POST', '/agency/invitations', { email: 'x@applicant.example', role: 'owner' }))).toMatchObject({ reason: 'agency_role' })
    // In person, and for himself, the agency's filing is nobody's.
    expect((await editor.raw('GET', `/filings/${filing!.id}`, undefined, { 'beian-agency': '' })).status).toBe(404)
    // A link to a picture or a paper says for whom.
    const sheet = `/filings/${filing!.id}/sheets/commitment`
    expect((await viewer.raw('GET', `${sheet}?agency=${agency}`, undefined, { 'beian-agency': '' })).status).not.toBe(403)
    const listed = (await founder.call<{ members: { id: string; email: string }[] }>('GET', '/agency/members')).members
    const id = listed.find((m) => m.email === 'editor@applicant.example')!.id
    await founder.call('PATCH', `/agency/members/${id}`, { role: 'owner' })
    await editor.call('POST', '/agency/invitations', { email: 'x@applicant.example', role: 'viewer' })
    expect((await refusal(editor.call('DELETE', `/agency/members/${agency}`))).reason).toBe('agency_founder')
    await founder.call('DELETE', `/agency/members/${id}`)
    expect(await refusal(editor.filing(filing!.id))).toMatchObject({ status: 403, reason: 'agency_not_member' })
    expect(await refusal(editor.call('GET', `/agency/clients/${first!.id}`))).toMatchObject({ reason: 'agency_not_member' })
  }, 60_000)

  test('a stranger names the agency in vain, and staff too', async () => {
    const stranger = new Member(platform)
    await stranger.register('stranger@applicant.example')
    expect(await refusal(stranger.call('GET', '/filings'))).toMatchObject({ status: 403, reason: 'agency_not_member' })
    expect((await admin.raw('GET', '/filings', undefined, { 'beian-agency': agency })).status).toBe(403)
  })

  test('a token of the agency acts for it, and has no members', async () => {
    const program = await Program.of(founder, ['filings.read', 'filings.write'])
    expect(await clients(program)).toEqual(await clients())
    expect(await refusal(program.call('POST', '/agency/invitations', { email: 'y@applicant.example', role: 'owner' }))).toMatchObject({ reason: 'token_scope_missing' })
  })
})

describe('a table', () => {
  test('the template is made of the form, and read again it has all columns', async () => {
    for (const format of ['csv', 'xlsx']) {
      const response = await founder.raw('GET', `/agency/import_template?format=${format}`)
      expect(response.status).toBe(200)
      const form = new FormData()
      form.set('file', await response.blob(), `a.${format}`)
      // No rows: that is what is wrong, not the columns.
      expect((await refusal(founder.call('POST', '/agency/imports', form))).problems.map((p) => p.code)).toEqual(['table_empty'])
    }
    const text = await (await founder.raw('GET', '/agency/import_template?format=csv')).text()
    expect(text).toContain('证件号码')
    expect(text).not.toContain('接入产品')
  })

  test('what is wrong is said by cell before anything is made', async () => {
    const before = (await filings()).length
    const got = await upload(
      table(
        row(1, { number: '91330199MA0000001X' }),
        row(2, { province: '不存在省' }),
        row(3, { mobile: '123' }),
        row(4, { domain: 'agency-row-3.cn' }),
      ),
    )
    expect(got).toMatchObject({ state: 'checked', rows: 4, good: 1, drafts: 0 })
    const codes = got.problems.map((p) => `${p.cell} ${p.code} ${p.hard}`)
    expect(codes).toContain('F3 import_value_unknown true')
    expect(codes).toContain('H5 import_domain_twice true')
    // In the order of the table, and in the language of whoever reads.
    expect(got.problems.map((p) => Number(/\d+/.exec(p.cell)![0]))).toEqual([2, 3, 4, 5])
    const english = new Applicant(platform, 'en')
    Object.assign(english, { cookie: founder.cookie, csrf: founder.csrf })
    const read = await english.call<{ problems: { column: string }[] }>('GET', `/agency/imports/${got.id}`)
    for (const p of read.problems) expect(p.column).not.toMatch(/\p{Script=Han}/u)
    expect(codes.some((c) => c.startsWith('D2 ') && c.endsWith('true'))).toBe(true)
    expect(codes.some((c) => c.startsWith('J4 ') && c.endsWith('false'))).toBe(true)
    for (const p of got.problems) expect([p.message, p.fix].every((words) => words.length > 3)).toBe(true)
    expect(await refusal(founder.call('POST', `/agency/imports/${got.id}/confirm`, {}))).toMatchObject({ reason: 'import_faulty' })
    expect((await filings()).length).toBe(before)
    await founder.call('DELETE', `/agency/imports/${got.id}`)
    expect((await founder.raw('GET', `/agency/imports/${got.id}`)).status).toBe(404)
  })

  test('a cell that hangs on a wrong one is not held against its row; wherever the columns stand, all else is said', async () => {
    const wrong = await upload(
      table(
        ['甲', '企鹅', '营业执照', '91330199MA0000001X', '示例公司', '浙江', '杭州市', 'agency-wrong-1.cn', '示例网站', '123'].join(','),
        ['甲', '企业', '身份证明', '12', '示例公司', '浙江', '杭卅市', 'agency-wrong-2.cn', '示例网站', '19900001000'].join(','),
      ),
    )
    // Nature → kind of certificate → its number; the telephone stands alone.
    expect(wrong.problems.map((p) => `${p.cell} ${p.hard}`)).toEqual(['B2 true', 'J2 false', 'C3 true', 'G3 true'])
    await founder.call('DELETE', `/agency/imports/${wrong.id}`)

    // The city before its province, the number before its kind; further rows say only whose they are.
    // A plain name will do where only one column has it.
    const heads = '城市,organiser.certificate_number,organiser.certificate_type,单位性质,organiser.province,域名'
    const turned = await upload([heads, `杭州市,${creditCode(7050)},营业执照,企业,浙江,agency-turned-1.cn`, `,${creditCode(7050)},,,,agency-turned-2.cn`].join('\r\n'))
    expect(turned).toMatchObject({ good: 2, expected_drafts: 1, problems: [] })
    await founder.call('DELETE', `/agency/imports/${turned.id}`)
  })

  test('missing columns, no table, and what only looks like one', async () => {
    expect((await refusal(upload('客户,别的\r\n甲,乙'))).problems.map((p) => p.code)).toContain('import_column_missing')
    expect((await refusal(upload('PK\x03\x04 not a zip'))).problems.map((p) => p.code)).toEqual(['table_damaged'])
    expect((await refusal(upload(''))).status).toBe(422)
  })

  test('confirmed it makes drafts once, however often it is asked; the same file is the same import', async () => {
    const csv = '\ufeff' + table(row(11), row(12, { client: '同一客户' }), row(13, { client: '同一客户', number: creditCode(7012), domain: 'agency-row-12b.cn' }))
    const got = await upload(csv)
    expect(got).toMatchObject({ rows: 3, good: 3, errors: 0, expected_drafts: 2 })
    await Promise.all([1, 2].map(() => founder.call('POST', `/agency/imports/${got.id}/confirm`, {})))
    expect(await finished(got.id)).toMatchObject({ done: 3, drafts: 2, skipped: 0 })
    const same = (await clients()).find((c) => c.name === '同一客户')!
    const [two] = await filings(`?client=${same.id}`)
    expect(two!.domains).toEqual(['agency-row-12.cn', 'agency-row-12b.cn'])
    expect((await founder.filing(two!.id)).content).toMatchObject({ organiser: { nature: 4, province: '330000', city: '330100' } })

    const again = await upload(csv)
    expect(again.id).toBe(got.id)
    await founder.call('POST', `/agency/imports/${got.id}/confirm`, {})
    // The same rows in another file: they are there already.
    const other = await upload(csv + '\r\n' + row(14))
    expect(other.id).not.toBe(got.id)
    // The preview says so already.
    expect(other).toMatchObject({ expected_drafts: 1, problems: [{ cell: 'D2', code: 'import_organiser_open', hard: false }, { cell: 'D3' }] })
    await founder.call('POST', `/agency/imports/${other.id}/confirm`, {})
    const done = await finished(other.id)
    expect(done).toMatchObject({ done: 4, drafts: 1, skipped: 3 })
    expect(done.left_out.map((one) => [one.row, one.code])).toEqual([[2, 'import_organiser_open'], [3, 'import_organiser_open'], [4, 'import_organiser_open']])
    expect(await filings('?q=agency-row-12')).toHaveLength(1)
  }, 60_000)

  test('killed half-way it goes on, and doubles nothing', async () => {
    const n = 250
    const csv = table(...Array.from({ length: n }, (_, i) => row(100 + i, { client: '大客户' })))
    const got = await upload(csv)
    expect(got).toMatchObject({ rows: n, good: n })
    await founder.call('POST', `/agency/imports/${got.id}/confirm`, {})
    await eventually('the first batch', async () => {
      const now = await founder.call<Import>('GET', `/agency/imports/${got.id}`)
      return now.done > 0
    }, 60_000)
    await platform.kill()
    // Where several nodes may work, nobody knows that this one is gone before its lease of five minutes is over.
    if (platform.database) await platform.sql('UPDATE jobs SET lease_until = 0 WHERE lease_until IS NOT NULL')
    await platform.run()
    expect(await finished(got.id)).toMatchObject({ done: n, drafts: n, skipped: 0 })
    const big = (await clients()).find((c) => c.name === '大客户')!
    expect(big.filings).toBe(n)
    // Page by page, each once.
    const seen = new Set<string>()
    for (let after = ''; ; ) {
      const page = await founder.call<{ filings: Filing[]; next: string | null }>('GET', `/agency/filings?client=${big.id}${after}`)
      page.filings.forEach((f) => seen.add(f.id))
      if (!page.next) break
      after = `&after=${page.next}`
    }
    expect(seen.size).toBe(n)
  }, 180_000)
})

describe('the client’s link', () => {
  interface Made {
    url: string
    qr_path: string
    link: { id: string; state: string }
  }
  interface Task {
    agency: string
    state: string
    consent_version: string
    consented: boolean
    domains: string
    materials: { purpose: string; site: string | null; present: boolean; required: boolean }[]
  }
  let id = ''
  const papers: Record<string, string> = {
    organiser_certificate: 'business_licence', principal_certificate_front: 'id_card_front', principal_certificate_back: 'id_card_back',
    verification_photo: 'verification_photo',
  }
  const tokenOf = (made: Made) => made.url.split('/c/')[1]!
  const make = (body: unknown = {}) => founder.call<Made>('POST', `/filings/${id}/client_links`, body)
  async function send(phone: Browser, token: string, purpose: string, file = sample(papers[purpose]!)) {
    const form = new FormData()
    form.set('purpose', purpose)
    form.set('file', file, 'IMG.JPG')
    return phone.call('POST', `/client_links/${token}/materials`, form)
  }
  // Everything that the link asks for.
  async function give(phone: Browser, token: string): Promise<void> {
    const task = await phone.call<Task>('GET', `/client_links/${token}`)
    await phone.call('POST', `/client_links/${token}/consent`, { version: task.consent_version })
    for (const one of task.materials) if (one.required) await send(phone, token, one.purpose)
    await phone.call('POST', `/client_links/${token}/complete`, {})
  }

  test('imported, completed by the client, submitted, verified by the client, approved', async () => {
    const c = { enterprise: true, domains: ['agency-story.cn'], sequence: 240 }
    const got = await upload(table(row(740, { client: '故事客户', number: creditCode(740), domain: 'agency-story.cn' })))
    await founder.call('POST', `/agency/imports/${got.id}/confirm`, {})
    await finished(got.id)
    id = (await filings('?q=agency-story'))[0]!.id
    const { products } = await founder.call<{ products: { id: string; ips: string[] }[] }>('GET', '/products')
    await founder.change(id, answers(c, products[0]!.ips[0]!, products[0]!.id))

    const stranger = new Applicant(platform)
    await stranger.register('no-agency@applicant.example')
    expect((await stranger.raw('POST', `/filings/${id}/client_links`, {})).status).toBe(404)

    const made = await make({ send_to: 'client@client.example' })
    const token = (await linkIn('client@client.example', /\/c\/([\w-]+)/))!
    expect(tokenOf(made)).toBe(token)
    const phone = new Browser(platform)
    const task = await phone.call<Task>('GET', `/client_links/${token}`)
    expect(task).toMatchObject({ agency: '示例代办', state: 'open', consented: false, domains: 'agency-story.cn' })
    expect(task.materials.map((m) => m.purpose)).toEqual(['organiser_certificate', 'principal_certificate_front', 'principal_certificate_back'])
    // Nothing of whose filing it is.
    expect(JSON.stringify(task)).not.toMatch(/示例科技|测试乙|1990000/)
    expect(await refusal(send(phone, token, 'organiser_certificate'))).toMatchObject({ reason: 'consent_needed' })
    expect(await refusal(phone.call('POST', `/client_links/${token}/consent`, { version: 'older' }))).toMatchObject({ reason: 'consent_changed' })
    await phone.call('POST', `/client_links/${token}/consent`, { version: task.consent_version })
    expect((await refusal(send(phone, token, 'domain_certificate', sample('id_card_front')))).status).toBe(403)
    expect((await refusal(phone.call('POST', `/client_links/${token}/complete`, {}))).problems).toHaveLength(3)
    for (const one of task.materials) await send(phone, token, one.purpose)
    // The agency sees them at once.
    expect((await founder.filing(id)).materials).toHaveLength(3)
    await phone.call('POST', `/client_links/${token}/complete`, {})
    expect(await phone.call('GET', `/client_links/${token}`)).toMatchObject({ state: 'completed', domains: '', materials: [] })
    expect(await refusal(send(phone, token, 'organiser_certificate'))).toMatchObject({ status: 409, reason: 'client_link_ended' })
    expect(phone.cookie).toBe('')
    const { links } = await founder.call<{ links: { state: string; consent: string; consented_at: number; sent_to: string }[] }>('GET', `/filings/${id}/client_links`)
    expect(links).toMatchObject([{ state: 'completed', consent: task.consent_version, sent_to: 'c***@client.example' }])
    expect(links[0]!.consented_at).toBeGreaterThan(Date.now() - 60_000)
    const told = (await founder.filing(id)).events!.map((e) => e.text).join('\n')
    expect(told).toContain(task.consent_version)
    await linkIn('agency@applicant.example', /(agency-story\.cn）交齐)/)

    expect((await founder.act(id, 'submit')).state).toBe('initial_review')
    expect(await refusal(make())).toMatchObject({ reason: 'client_link_nothing' })
    const staff: Staffed = { reviewer: await Staff.logIn(platform, 'reviewer'), photo: await Staff.logIn(platform, 'photo'), officer: new Officer(platform) }
    await staff.reviewer.decide(id, 'pass_initial')
    if ((await founder.filing(id)).state === 'verification') {
      await give(new Browser(platform), tokenOf(await make()))
      await founder.act(id, 'submit_photo')
      await staff.photo.decide(id, 'pass_photo')
    }
    const order = await orderOf(staff.officer, id)
    await staff.officer.call('POST', `orders/${order.id}/pass`, { opinion: '通过' })
    await founder.reaches(id, 'approved')
    const client = (await clients()).find((one) => one.name === '故事客户')!
    expect(client).toMatchObject({ filings: 1, approved: 1 })
  }, 240_000)

  test('taken back, replaced, over: each ends the link', async () => {
    const client = (await clients()).find((one) => one.name === '故事客户')!
    const question = founder.question({ enterprise: false, domains: ['agency-links.cn'], sequence: 741 })
    id = (await founder.call<Filing>('POST', '/filings', { ...question, client_id: client.id })).id
    const phone = new Browser(platform)
    const state = async (made: Made) => (await phone.call<Task>('GET', `/client_links/${tokenOf(made)}`)).state
    const first = await make()
    expect(await state(first)).toBe('open')
    const second = await make()
    expect([await state(first), await state(second)]).toEqual(['ended', 'open'])
    await founder.call('DELETE', `/filings/${id}/client_links/${second.link.id}`)
    expect(await state(second)).toBe('ended')
    const third = await make()
    await platform.sql(`UPDATE client_links SET expires_at = 1 WHERE id = ${third.link.id}`)
    expect(await state(third)).toBe('ended')
    expect((await refusal(phone.call('POST', `/client_links/${tokenOf(third)}/consent`, { version: '2026-11-28' }))).reason).toBe('client_link_ended')
    for (const token of ['x', 'A'.repeat(43), '0'.repeat(2000)])
      expect((await phone.raw('GET', `/client_links/${token}`)).status).toBe(404)
    expect((await refusal(make({ send_to: 'neither' }))).problems.map((p) => p.code)).toEqual(['client_link_target'])
  }, 60_000)

  test('an agency that has ended: members and links are out, its account keeps its filings', async () => {
    const made = await make()
    const viewer = new Member(platform)
    await viewer.logIn('viewer@applicant.example', 'correct horse battery')
    expect((await clients(viewer)).length).toBeGreaterThan(1)
    await admin.call('POST', `/desk/agencies/${agency}`, { decision: 'end', reason: '不再合作' })
    expect(await refusal(viewer.call('GET', '/filings'))).toMatchObject({ reason: 'agency_not_member' })
    expect((await new Browser(platform).raw('GET', `/client_links/${tokenOf(made)}`)).status).toBe(404)
    expect((await founder.filing(id)).id).toBe(id)
  })
})
