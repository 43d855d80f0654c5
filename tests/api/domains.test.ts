// What is found out about a domain outside, against servers of the test's own: the registry's word
// goes before what was typed, rules hear of it, staff see the evidence, and nothing leads inside.
import { createServer as createHttp, type Server } from 'node:http'
import { createServer as createTcp, type Server as Tcp } from 'node:net'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Applicant, type Schemas, Staff } from '../support/people.ts'
import { eventually, freePort, Platform } from '../support/platform.ts'

type Facts = Schemas['DomainFacts']

let platform: Platform
let applicant: Applicant
let reviewer: Staff
const servers: (Server | Tcp)[] = []
const asked: string[] = []
let page = '<title>建设中</title>欢迎光临'
let move_to = ''

const soon = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10)

async function listen(server: Server | Tcp): Promise<string> {
  const port = await freePort()
  servers.push(server)
  await new Promise<void>((done) => void server.listen(port, '127.0.0.1', done))
  return `127.0.0.1:${port}`
}

beforeAll(async () => {
  const rdap = await listen(
    createHttp((request, response) => {
      asked.push(`rdap ${request.url}`)
      const name = request.url!.split('/').pop()!
      if (name.startsWith('free')) return void response.writeHead(404).end()
      response.writeHead(200, { 'Content-Type': 'application/rdap+json' }).end(
        JSON.stringify({
          objectClassName: 'domain',
          ldhName: name,
          events: [{ eventAction: 'expiration', eventDate: `${soon}T00:00:00Z` }],
          entities: [
            { roles: ['registrant'], vcardArray: ['vcard', [['fn', {}, 'text', '别人有限公司']]] },
            { roles: ['registrar'], publicIds: [{ type: 'IANA Registrar ID', identifier: '420' }], vcardArray: ['vcard', [['fn', {}, 'text', 'HiChina']]] },
          ],
        }),
      )
    }),
  )
  const whois = await listen(
    createTcp((socket) => {
      socket.once('data', (line) => {
        const name = line.toString().trim()
        asked.push(`whois ${name}`)
        socket.end(`Domain Name: ${name}\nRegistrant: 测试甲\nSponsoring Registrar: 阿里云计算有限公司\nExpiration Time: 2035-01-02 03:04:05\n`)
      })
      socket.on('error', () => undefined)
    }),
  )
  const web = await listen(
    createHttp((request, response) => {
      asked.push(`web ${request.headers.host}${request.url}`)
      if (move_to) return void response.writeHead(302, { Location: move_to }).end()
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(page)
    }),
  )
  const bootstrap = join(mkdtempSync(join(tmpdir(), 'beian-rdap-')), 'dns.json')
  writeFileSync(bootstrap, JSON.stringify({ services: [[['com'], ['http://rdap.test/']]] }))
  platform = await Platform.start({
    config: [
      '[domains]',
      'lookups = true',
      `bootstrap = "${bootstrap}"`,
      `test_hosts = ["rdap.test=${rdap}", "whois.cnnic.cn=${whois}", "facts-own.com=${web}", "facts-own.cn=${web}", "facts-move.com=${web}"]`,
    ],
  })
  applicant = new Applicant(platform)
  await applicant.register('domains@applicant.example')
  reviewer = await Staff.logIn(platform, 'reviewer')
}, 120_000)
afterAll(async () => {
  for (const server of servers) server.close()
  await platform?.stop()
})

const facts = (id: string, who: Applicant | Staff = applicant, at = '') => who.call<Facts>('GET', `${at}/filings/${id}/domains`)
const answered = (id: string) =>
  eventually(`answers about ${id}`, async () => {
    const { sites } = await facts(id)
    const one = sites[0]
    return one?.registration?.done_at && one.website?.done_at ? one : null
  })
const rules_at = async (id: string, field: string) =>
  (await applicant.filing(id)).problems.filter((one) => one.rule && one.field === field).map((one) => one.rule)

test('the registry says whose the domain is and until when; the rules hear of it', async () => {
  const { id } = await applicant.draft({ enterprise: true, domains: ['facts-own.com'], sequence: 71 })
  const site = await answered(id)
  expect(asked).toContain('rdap /domain/facts-own.com')
  expect(site.registration).toMatchObject({ state: 'done', source: 'rdap', holder: '别人有限公司', registrar: 'HiChina', domestic: true, until: soon })
  expect(site).toMatchObject({ suffix: 'approved', until: soon })
  // 33-07: three months have to be left. What was typed does not count against the registry.
  await applicant.change(id, [{ path: 'sites.s1.domain_until', to: '2036-01-01' }, { path: 'organiser.representative', to: '测试乙' }])
  const after = (await facts(id)).sites[0]!
  expect(after).toMatchObject({ until: soon, typed_until: '2036-01-01', holder_is: 'other' })
  const { rules, known } = await applicant.call<{ rules: { id: string; check?: string; params?: { value?: string } }[]; known: { sites: unknown[] } }>('GET', `/filings/${id}/rules`)
  expect(known.sites).toMatchObject([{ key: 's1', registered_until: soon, registered_holder: '别人有限公司', registrar_domestic: true }])
  const months = rules.filter((one) => one.check === 'months_left' && one.params?.value === '$.domain_until').map((one) => one.id)
  expect(months.length).toBeGreaterThan(0)
  expect(await rules_at(id, 'sites.s1.domain')).toEqual(expect.arrayContaining(months))
})

test('staff see the open page, with evidence, and the holder only in clear when they have claimed the case', async () => {
  const filing = await applicant.draft({ enterprise: true, domains: ['facts-own.cn'], sequence: 72 })
  const site = await answered(filing.id)
  expect(site.registration).toMatchObject({ source: 'whois', holder: '测试甲', until: '2035-01-02' })
  expect(site.website).toMatchObject({ verdict: 'open_unfiled', status: 200, title: '建设中', addresses: ['127.0.0.1'] })
  await applicant.uploadAll(filing.id)
  await applicant.act(filing.id, 'submit')
  expect((await facts(filing.id, reviewer, '/desk')).sites[0]!.registration!.holder).toBe('测**')
  await reviewer.call('POST', `/desk/filings/${filing.id}/claim`, {})
  expect((await facts(filing.id, reviewer, '/desk')).sites[0]!.registration!.holder).toBe('测试甲')
})

test('a page that leads inside is not followed, and asking again waits a minute', async () => {
  move_to = 'http://169.254.169.254/latest/meta-data/'
  const { id } = await applicant.draft({ enterprise: false, domains: ['facts-move.com'], sequence: 73 })
  const moved = await answered(id)
  expect(asked).toContain('web facts-move.com/')
  expect(moved.website).toMatchObject({ server: move_to, error: 'name', status: 302, title: '', verdict: 'closed' })
  const other = new Applicant(platform)
  await other.register('domains-b@applicant.example')
  const nowhere = await other.draft({ enterprise: false, domains: ['facts-free.com'], sequence: 74 })
  const seen = await eventually('the answer about a free domain', async () => {
    const { sites } = await other.call<Facts>('GET', `/filings/${nowhere.id}/domains`)
    return sites[0]?.registration?.done_at && sites[0].website?.done_at ? sites[0] : null
  })
  expect(seen.registration!.source).toBe('rdap')
  expect(seen.website).toMatchObject({ error: 'name', status: 0, verdict: 'closed' })
  await other.call('POST', `/filings/${nowhere.id}/domains`)
  expect(asked.filter((one) => one === 'rdap /domain/facts-free.com')).toHaveLength(1)
  expect((await applicant.call('GET', `/filings/${nowhere.id}/domains`).catch((e: { status: number }) => e)) as object).toMatchObject({ status: 404 })
})
