// Whatever is sent to a write route: an answer in words, in the reader's language, never a fault of
// ours, and nothing changed.
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Applicant, Browser, sample, Staff } from '../support/people.ts'
import { submitted } from '../support/journey.ts'
import { Platform } from '../support/platform.ts'

type Who = 'nobody' | 'applicant' | 'reviewer'
interface Answer {
  status: number
  type: string
  body: string
}

let platform: Platform
const people = {} as Record<Who, Browser>
let applicant: Applicant
const ids = { draft: '', sent: '', ticket: '', product: '' }

beforeAll(async () => {
  platform = await Platform.start()
  applicant = new Applicant(platform)
  await applicant.register('garbage@applicant.example')
  const draft = await applicant.draft({ enterprise: false, domains: ['garbage-draft.cn'], sequence: 411 })
  const sent = await submitted(applicant, { enterprise: false, domains: ['garbage-sent.cn'], sequence: 412 })
  const { url } = await applicant.call<{ url: string }>('POST', `/filings/${draft.id}/tickets`, {
    purpose: 'principal_certificate_front',
  })
  const { products } = await applicant.call<{ products: { id: string }[] }>('GET', '/products')
  const reviewer = await Staff.logIn(platform, 'reviewer')
  await reviewer.claim(sent.id)
  Object.assign(ids, { draft: draft.id, sent: sent.id, ticket: url.split('/m/')[1]!, product: products[0]!.id })
  Object.assign(people, { nobody: new Browser(platform), applicant, reviewer })
})
afterAll(() => platform?.stop())

// Every route that takes a body: who, where, and one that has the right form.
const routes: [Who, string, string, Record<string, unknown>][] = [
  ['nobody', 'POST', '/enquiries', { name: '甲', contact: 'a@organiser.example', message: '你好' }],
  ['nobody', 'POST', '/account/register', { email: 'g@applicant.example', password: 'long enough for this', consent: '1' }],
  ['nobody', 'POST', '/account/activate', { token: 'x' }],
  ['nobody', 'POST', '/account/login', { email: 'g@applicant.example', password: 'long enough for this' }],
  ['nobody', 'POST', '/account/forgot', { email: 'g@applicant.example' }],
  ['nobody', 'POST', '/account/reset', { token: 'x', password: 'long enough for this' }],
  ['applicant', 'POST', '/determinations', { domain: 'a.cn', nature: 5, certificate_type: 2, certificate_number: 'x', province: '330000' }],
  ['applicant', 'POST', '/products/check', { product_id: '1', ip: '192.0.2.1', host_name: 'h', code: 'c' }],
  ['applicant', 'POST', '/products/{product}/codes', { for_email: 'g@applicant.example' }],
  ['applicant', 'POST', '/filings', { domain: 'a.cn', nature: 5, certificate_type: 2, certificate_number: 'x', province: '330000' }],
  ['applicant', 'PATCH', '/filings/{draft}/content', { changes: [{ path: 'organiser.name', from: '测试甲', to: '测试丙' }] }],
  ['applicant', 'POST', '/filings/{draft}/actions/submit', { version: 1 }],
  ['applicant', 'POST', '/filings/{draft}/tickets', { purpose: 'other', site: 's1' }],
  ['applicant', 'POST', '/filings/{draft}/backdrop', { recipient: '甲', phone: '1', province: '330000', city: '330100', county: '330106', address: '路' }],
  ['reviewer', 'POST', '/desk/filings/{sent}/claim', { take_over: true }],
  ['reviewer', 'PUT', '/desk/filings/{sent}/corrections', { corrections: [{ field: 'organiser.name', text: '改' }] }],
  ['reviewer', 'POST', '/desk/filings/{sent}/calls', { person: 'principal', result: 'confirmed', note: '' }],
  ['reviewer', 'POST', '/desk/filings/{sent}/actions/return', { version: 1, note: '', corrections: [{ field: 'organiser.name', text: '改' }] }],
  ['reviewer', 'POST', '/desk/backdrops/1/posted', { carrier: '邮', tracking_number: '1' }],
]

let sent = 0
// Bytes as they are, from an address of its own each time, so that no pace is in the way.
async function send(who: Browser, method: string, path: string, body: Buffer, type = 'application/json', locale = 'zh-CN'): Promise<Answer> {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: keyof typeof ids) => ids[name])
  sent += 1
  return new Promise((done, failed) => {
    const call = request(
      `${platform.url}/api/v1${filled}`,
      {
        method,
        agent: false,
        headers: {
          'accept-language': locale,
          'content-type': type,
          'content-length': body.length,
          'x-forwarded-for': `10.200.${sent >> 8}.${sent & 255}`,
          ...(who.cookie ? { cookie: who.cookie, 'x-csrf-token': who.csrf } : {}),
        },
      },
      (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('end', () =>
          done({
            status: response.statusCode!,
            type: String(response.headers['content-type']),
            body: Buffer.concat(parts).toString('utf8'),
          }),
        )
      },
    )
    call.on('error', failed)
    call.end(body)
  })
}

function expectRefusal(answer: Answer, locale: string, what: string): void {
  expect(`${what}: ${answer.status}`).toMatch(/: 4(00|04|09|13|15|22)$/)
  expect(answer.type, what).toMatch(/^application\/problem\+json/)
  const problem = JSON.parse(answer.body) as { title: string; status: number; problems?: { message: string; fix: string }[] }
  expect(problem.status, what).toBe(answer.status)
  const words = [problem.title, ...(problem.problems ?? []).flatMap((p) => [p.message, p.fix])]
  for (const text of words) {
    expect(text, what).toBeTruthy()
    expect(text, what).not.toMatch(/\{\{|basic_string|std::|boost|\.cc:/)
    if (locale === 'zh-CN') expect(text, what).toMatch(/\p{Script=Han}/u)
    else expect(text, what).toMatch(/[a-z]{2}/)
  }
}

async function unchanged(doing: () => Promise<void>): Promise<void> {
  const state = async () =>
    Promise.all([ids.draft, ids.sent].map(async (id) => {
      const { content, state, version, materials } = await applicant.filing(id)
      return { content, state, version, materials: materials.map((m) => m.id) }
    }))
  const many = async () => (await applicant.call<{ filings: unknown[] }>('GET', '/filings')).filings.length
  const before = [await state(), await many()]
  await doing()
  expect([await state(), await many()]).toEqual(before)
}

// What no route takes, in whatever form.
const bodies: [string, Buffer][] = [
  ['nothing', Buffer.alloc(0)],
  ['half an object', Buffer.from('{"email": "a')],
  ['no JSON', Buffer.from('email=a&password=b')],
  ['two values', Buffer.from('{} {}')],
  ['a comment', Buffer.from('{/* */}')],
  ['a number that is none', Buffer.from('{"version": NaN}')],
  ['100,000 arrays in each other', Buffer.from('['.repeat(100_000))],
  ['50,000 objects in each other, closed', Buffer.from('{"a":'.repeat(5_000) + '1' + '}'.repeat(5_000))],
  ['bytes that are no UTF-8', Buffer.concat([Buffer.from('{"email":"'), Buffer.from([0xff, 0xfe, 0xc0, 0x80]), Buffer.from('"}')])],
  ['half a surrogate', Buffer.from('{"email":"\\ud800"}')],
  ['zero bytes', Buffer.alloc(1000)],
  ['an array', Buffer.from('[]')],
  ['a string', Buffer.from('"hello"')],
  ['null', Buffer.from('null')],
]

describe.each(routes)('%s %s %s', (who, method, path, good) => {
  test('what is no JSON of ours', async () => {
    await unchanged(async () => {
      for (const [what, body] of bodies) {
        if (what === 'nothing' && path.endsWith('/claim')) continue // asks for nothing
        for (const locale of ['zh-CN', 'en'])
          expectRefusal(await send(people[who], method, path, body, 'application/json', locale), locale, what)
      }
    })
  })

  test('another type of content', async () => {
    const body = Buffer.from(JSON.stringify(good))
    for (const type of ['text/plain', 'application/xml', 'multipart/form-data; boundary=x', 'application/x-www-form-urlencoded'])
      expectRefusal(await send(people[who], method, path, body, type, 'en'), 'en', type)
  })

  test('members of another type, or without end', async () => {
    const wrong: unknown[] = [12.5, -1, 1e300, true, [], [[]], {}, { a: 1 }, '长'.repeat(20_000), 'x'.repeat(60_000), '\u0000', '\u202e\u0007']
    await unchanged(async () => {
      for (const key of Object.keys(good))
        for (const [i, value] of wrong.entries()) {
          // Free text and switches may be of these kinds; that they do no harm is below.
          if (JSON.stringify(value) === JSON.stringify(good[key]) || typeof value === typeof good[key]) {
            if (typeof value === 'string' && value.length < 100) continue
            if (Array.isArray(value) && value.length === 0) continue
            if (typeof value === 'boolean' || (key === 'note' && value === '')) continue
          }
          const locale = i % 2 ? 'en' : 'zh-CN'
          const answer = await send(people[who], method, path, Buffer.from(JSON.stringify({ ...good, [key]: value })), 'application/json', locale)
          expectRefusal(answer, locale, `${key} = ${JSON.stringify(value).slice(0, 40)}`)
        }
    })
  }, 120_000)
})

describe('changes of the content', () => {
  const values: unknown[] = [12, 1e300, true, [], {}, ['a'], [{ a: [] }], '\ud800', 'x'.repeat(100_000), '长'.repeat(5000)]
  const paths = ['', '.', '..', 'organiser', 'organiser.', 'organiser.nonsense', '__proto__.a', 'sites', 'sites.s1', 'sites.s9.name', 'sites.0.name', 'sites.s1.access', 'x'.repeat(5000)]

  test('to fields that there are not', async () => {
    await unchanged(async () => {
      for (const path of paths)
        for (const to of ['text', 5, {}])
          expectRefusal(
            await send(applicant, 'PATCH', '/filings/{draft}/content', Buffer.from(JSON.stringify({ changes: [{ path, from: null, to }] }))),
            'zh-CN',
            `${path.slice(0, 30)} = ${JSON.stringify(to)}`,
          )
    })
  })

  test('to values of another type', async () => {
    await unchanged(async () => {
      const { content } = await applicant.filing(ids.draft)
      for (const field of ['name', 'province', 'nature', 'address']) {
        const from = (content as { organiser: Record<string, unknown> }).organiser[field] ?? null
        for (const to of values) {
          if (field === 'nature' && to === 12) continue
          const body = JSON.stringify({ changes: [{ path: `organiser.${field}`, from, to }] })
          expectRefusal(await send(applicant, 'PATCH', '/filings/{draft}/content', Buffer.from(body)), 'zh-CN', `${field} = ${JSON.stringify(to).slice(0, 40)}`)
        }
      }
    })
  })

  test('characters that cannot be seen are left out of what is kept', async () => {
    const name = async () => ((await applicant.filing(ids.draft)).content as { organiser: { name: string } }).organiser.name
    const was = await name()
    await applicant.change(ids.draft, [{ path: 'organiser.name', to: '\u0000测\u0007试\u200b丙\u0000' }])
    expect(await name()).toBe('测试丙')
    await applicant.change(ids.draft, [{ path: 'organiser.name', to: was }])
  })

  test('too many at once', async () => {
    await unchanged(async () => {
      const changes = Array.from({ length: 201 }, () => ({ path: 'organiser.remark', from: null, to: 'x' }))
      expectRefusal(await send(applicant, 'PATCH', '/filings/{draft}/content', Buffer.from(JSON.stringify({ changes }))), 'zh-CN', '201 changes')
      const large = Buffer.from(JSON.stringify({ changes: [], more: 'x'.repeat(600 << 10) }))
      const answer = await send(applicant, 'PATCH', '/filings/{draft}/content', large)
      expect(answer.status).toBe(413)
      expectRefusal(answer, 'zh-CN', '600 KiB')
    })
  })
})

describe('forms with files', () => {
  const uploads = [
    ['applicant', '/filings/{draft}/materials'],
    ['nobody', '/tickets/{ticket}/material'],
  ] as const
  const part = (name: string, body: string, more = '') => `--x\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${body}\r\n`
  const forms: [string, string, string][] = [
    ['nothing', '', 'multipart/form-data; boundary=x'],
    ['no boundary', part('purpose', 'other'), 'multipart/form-data'],
    ['no end', part('purpose', 'other'), 'multipart/form-data; boundary=x'],
    ['another boundary', `${part('purpose', 'other')}--x--\r\n`, 'multipart/form-data; boundary=y'],
    ['no file', `${part('purpose', 'other')}--x--\r\n`, 'multipart/form-data; boundary=x'],
    ['the file twice', `${part('file', 'a') + part('file', 'b')}--x--\r\n`, 'multipart/form-data; boundary=x'],
    ['a thousand parts', `${part('a', 'b').repeat(1000)}--x--\r\n`, 'multipart/form-data; boundary=x'],
    ['a header without end', `--x\r\nContent-Disposition: form-data; name="${'a'.repeat(10_000)}"\r\n\r\nb\r\n--x--\r\n`, 'multipart/form-data; boundary=x'],
    ['no bytes in the file', `${part('purpose', 'other') + part('file', '', '; filename="a.jpg"')}--x--\r\n`, 'multipart/form-data; boundary=x'],
    ['JSON', '{"purpose":"other"}', 'application/json'],
    ['a picture as it is', 'picture', 'image/jpeg'],
  ]
  test.each(uploads)('%s %s', async (who, path) => {
    const picture = Buffer.from(await sample('id_card_front').arrayBuffer())
    await unchanged(async () => {
      for (const [what, body, type] of forms)
        for (const locale of ['zh-CN', 'en'])
          expectRefusal(await send(people[who], 'POST', path, body === 'picture' ? picture : Buffer.from(body), type, locale), locale, what)
    })
    expect(await new Browser(platform).call('GET', `/tickets/${ids.ticket}`)).toMatchObject({ state: 'open' })
  })
})

test('names of things that there are not', async () => {
  for (const id of ['0', '-1', 'abc', '99999999999999999999', '1e3', '%00', "1'--", 'x'.repeat(3000)])
    for (const [who, method, path] of [
      ['applicant', 'PATCH', `/filings/${id}/content`],
      ['applicant', 'POST', `/filings/${id}/actions/submit`],
      ['applicant', 'POST', `/filings/{draft}/actions/${id}`],
      ['applicant', 'DELETE', `/filings/{draft}/sites/${id}`],
      ['applicant', 'DELETE', `/filings/{draft}/materials/${id}`],
      ['applicant', 'POST', `/products/${id}/codes`],
      ['reviewer', 'POST', `/desk/filings/${id}/claim`],
      ['reviewer', 'POST', `/desk/enquiries/${id}/done`],
    ] as const) {
      const body = Buffer.from(JSON.stringify(path.endsWith('/content') ? { changes: [] } : { version: 1, for_email: 'g@applicant.example' }))
      expectRefusal(await send(people[who], method, path, body), 'zh-CN', `${method} ${path.slice(0, 60)}`)
    }
})

test('after all this it stands, and never had a fault', async () => {
  expect((await applicant.filing(ids.draft)).id).toBe(ids.draft)
  expect(platform.child.exitCode).toBe(null)
  expect(platform.log).toMatch(/"status":"4\d\d"/) // so that its absence below means something
  expect(platform.log).not.toMatch(/Sanitizer|runtime error|"status":"5\d\d"/)
})
