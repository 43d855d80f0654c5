// Pictures: what is taken, what is refused and in which words, what is left of one; and a phone that
// uploads one without logging in.
import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Applicant, Browser, type Case, type Filing, Refused, sample } from '../support/people.ts'
import { bytes, heic, png, segments, tracked, webPage } from '../support/pictures.ts'
import { eventually, Platform } from '../support/platform.ts'

const k_fit = Math.floor((100 * 1024 * 3) / 4) // what Base64 makes 100 KiB of
const purpose = 'principal_certificate_front'

let platform: Platform
let a: Applicant
let id: string
beforeAll(async () => {
  platform = await Platform.start()
  a = new Applicant(platform)
  await a.register('materials@applicant.example')
  const c: Case = { enterprise: false, domains: ['materials-one.cn'], sequence: 401 }
  id = (await a.draft(c)).id
})
afterAll(() => platform?.stop())

async function refusal(doing: Promise<unknown>): Promise<Refused> {
  const outcome = await doing.then(
    () => new Error('it was taken'),
    (error: unknown) => error,
  )
  expect(outcome).toBeInstanceOf(Refused)
  return outcome as Refused
}

async function stored(material: string, size: string, who: Browser = a): Promise<Buffer> {
  const response = await who.raw('GET', `/filings/${id}/materials/${material}?size=${size}`)
  expect(response.status).toBe(200)
  return Buffer.from(await response.arrayBuffer())
}

const mine = async (of = purpose): Promise<Filing['materials']> =>
  (await a.filing(id)).materials.filter((m) => m.purpose === of)

describe('a file that is no good', () => {
  const whole = async () => Buffer.from(await sample('id_card_front').arrayBuffer())
  const cases: [string, () => Blob | Promise<Blob>, string][] = [
    ['6 MiB of a web page called photo.jpg', () => webPage(6 << 20), 'file_is_html'],
    ['a web page behind the mark of a JPEG', () => webPage(6 << 20, '\xff\xd8\xff\xe0'), 'image_truncated'],
    ['a picture that claims 30,000 × 30,000 pixels', () => png(30_000, 30_000), 'image_side_too_long'],
    ['a picture of too many pixels', () => png(10_000, 10_000), 'image_too_many_pixels'],
    ['half a photograph', async () => bytes((await whole()).subarray(0, (await whole()).length >> 1)), 'image_truncated'],
    ['a HEIC', heic, 'file_is_heic'],
    ['nothing', () => bytes(), 'file_empty'],
    ['11 MiB', async () => bytes(await whole(), new Uint8Array(11 << 20)), 'file_too_large'],
    ['text', () => bytes('hello, this is my photograph'), 'file_kind_unknown'],
    ['a PDF', () => bytes('%PDF-1.7\n%\xe2\xe3\n1 0 obj'), 'file_is_pdf'],
  ]
  test.each(cases)('%s', async (_, make, code) => {
    const file = await make()
    const before = await mine()
    const began = Date.now()
    const refused = await refusal(a.upload(id, purpose, null, file))
    expect(Date.now() - began).toBeLessThan(15_000)
    expect([refused.status, refused.reason]).toEqual([422, 'material_invalid'])
    expect(refused.problems.map((p) => [p.field, p.code])).toEqual([[`materials.${purpose}`, code]])
    expect(refused.problems[0]!.message).toMatch(/\p{Script=Han}/u)
    expect(refused.problems[0]!.fix).toMatch(/\p{Script=Han}/u)
    expect(await mine()).toEqual(before)
  })

  test('more than 12 MiB is not even read', async () => {
    const refused = await refusal(a.upload(id, purpose, null, bytes(new Uint8Array(13 << 20))))
    expect([refused.status, refused.reason]).toEqual([413, 'http_413'])
    expect((await a.filing(id)).id).toBe(id)
  })

  test('a purpose that there is not, or not for this', async () => {
    for (const [which, site, status, reason] of [
      ['shoe_size', null, 422, 'material_unknown'],
      ['', null, 422, 'material_unknown'],
      ['../../etc/passwd', null, 422, 'material_unknown'],
      ['domain_certificate', null, 422, 'material_unknown'],
      [purpose, 's1', 422, 'material_unknown'],
      ['domain_certificate', 's9', 404, 'not_found'],
    ] as const) {
      const refused = await refusal(a.upload(id, which, site, sample('id_card_front')))
      expect([which, site, refused.status, refused.reason]).toEqual([which, site, status, reason])
    }
    expect((await a.filing(id)).materials).toEqual([])
  })

  test("somebody else's filing", async () => {
    const other = new Applicant(platform)
    await other.register('materials-other@applicant.example')
    expect(await refusal(other.upload(id, purpose, null, sample('id_card_front')))).toMatchObject({ status: 404 })
    const m = await a.upload(id, purpose, null, sample('id_card_front'))
    expect((await other.raw('GET', `/filings/${id}/materials/${m.id}`)).status).toBe(404)
    expect((await other.raw('DELETE', `/filings/${id}/materials/${m.id}`)).status).toBe(404)
    expect((await mine()).map((have) => have.id)).toEqual([m.id])
  })
})

describe('a picture that is taken', () => {
  test('is kept in three sizes, the one for the bureau within its limit', async () => {
    const m = await a.upload(id, purpose, null, sample('id_card_front'))
    expect(m).toMatchObject({ purpose, site: null, by_phone: false })
    expect(m.fitted_bytes).toBeGreaterThan(10_000)
    expect(m.fitted_bytes).toBeLessThanOrEqual(k_fit)
    const [full, fitted, thumbnail] = [await stored(m.id, 'full'), await stored(m.id, 'fitted'), await stored(m.id, 'thumbnail')]
    expect([full.length, fitted.length]).toEqual([m.bytes, m.fitted_bytes])
    expect(thumbnail.length).toBeLessThan(fitted.length)
    for (const picture of [full, fitted, thumbnail]) expect(picture.subarray(0, 3).toString('hex')).toBe('ffd8ff')
  })

  test('is served so that no browser takes it for a page', async () => {
    const [m] = await mine()
    const { headers } = await a.raw('GET', `/filings/${id}/materials/${m!.id}`)
    expect(headers.get('content-type')).toBe('image/jpeg')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('content-security-policy')).toContain('sandbox')
    expect(headers.get('cache-control')).toMatch(/private|no-store/)
    expect((await new Browser(platform).raw('GET', `/filings/${id}/materials/${m!.id}`)).status).toBe(401)
    expect((await a.raw('GET', `/filings/${id}/materials/${m!.id}?size=huge`)).status).toBe(422)
  })

  test('is replaced by another for the same purpose, and can be taken away', async () => {
    const [old] = await mine()
    const next = await a.upload(id, purpose, null, sample('id_card_back'))
    expect((await mine()).map((m) => m.id)).toEqual([next.id])
    expect((await a.raw('GET', `/filings/${id}/materials/${old!.id}`)).status).toBe(404)
    expect((await a.raw('DELETE', `/filings/${id}/materials/${next.id}`)).status).toBe(204)
    expect(await mine()).toEqual([])
    for (const method of ['GET', 'DELETE'])
      expect((await a.raw(method, `/filings/${id}/materials/${next.id}`)).status).toBe(404)
    expect((await a.filing(id)).required_materials).toContainEqual(expect.objectContaining({ purpose, required: true }))
  })

  test('up to five of what may be several, not six', async () => {
    for (let i = 0; i < 5; ++i) await a.upload(id, 'other', null, sample('id_card_back'))
    expect(await refusal(a.upload(id, 'other', null, sample('id_card_back')))).toMatchObject({
      status: 409,
      reason: 'material_full',
    })
    expect((await mine('other')).length).toBe(5)
  })

  test('tells nobody where it was made and by whom', async () => {
    const { photo, traces } = await tracked(sample('id_card_front'))
    const sent = Buffer.from(await photo.arrayBuffer())
    for (const trace of traces) expect(sent.includes(trace)).toBe(true)
    expect(segments(sent)).toContain(0xe1)
    const m = await a.upload(id, purpose, null, photo)
    for (const size of ['full', 'fitted', 'thumbnail']) {
      const kept = await stored(m.id, size)
      for (const trace of ['Exif', 'GPS', ...traces]) expect(kept.includes(trace), `${trace} in ${size}`).toBe(false)
      expect(segments(kept)).not.toContain(0xe1)
    }
  })

  test('is closed once the filing is submitted', async () => {
    const c: Case = { enterprise: false, domains: ['materials-closed.cn'], sequence: 402 }
    const filing = await a.draft(c)
    await a.uploadAll(filing.id)
    const { materials } = await a.act(filing.id, 'submit')
    expect(await refusal(a.upload(filing.id, purpose, null, sample('id_card_front')))).toMatchObject({ status: 403, reason: 'field_closed' })
    expect((await a.raw('DELETE', `/filings/${filing.id}/materials/${materials[0]!.id}`)).status).toBe(403)
    expect((await a.filing(filing.id)).materials).toEqual(materials)
  }, 120_000)
})

describe('with the phone', () => {
  interface Ticket {
    url: string
    qr_path: string
    qr_size: number
    expires_at: number
  }
  const ticket = async (site?: string, of = purpose) => {
    const made = await a.call<Ticket>('POST', `/filings/${id}/tickets`, { purpose: of, ...(site ? { site } : {}) })
    return { ...made, token: made.url.split('/m/')[1]! }
  }
  const send = async (phone: Browser, token: string, file: Blob): Promise<{ id: string; purpose: string }> => {
    const form = new FormData()
    form.set('file', file, 'IMG_0001.JPG')
    return phone.call('POST', `/tickets/${token}/material`, form)
  }

  test('a code to scan, one picture without logging in, and it is in the filing', async () => {
    const t = await ticket()
    expect(t.url).toBe(`${platform.url}/m/${t.token}`)
    expect(t.token.length).toBeGreaterThanOrEqual(32)
    expect(t.qr_path).toMatch(/^M\d[\dMhvzHVZ ,.-]+$/)
    expect(t.qr_size).toBeGreaterThanOrEqual(21)
    expect(t.expires_at).toBeGreaterThan(Date.now())
    expect(t.expires_at).toBeLessThanOrEqual(Date.now() + 16 * 60_000)

    const phone = new Browser(platform)
    expect(await phone.call('GET', `/tickets/${t.token}`)).toEqual({
      purpose,
      site_name: '',
      expires_at: t.expires_at,
      state: 'open',
    })
    const sent = await send(phone, t.token, sample('id_card_front'))
    expect(phone.cookie).toBe('')
    expect(await mine()).toMatchObject([{ id: sent.id, by_phone: true }])
    expect((await stored(sent.id, 'thumbnail')).subarray(0, 3).toString('hex')).toBe('ffd8ff')

    expect(await refusal(send(phone, t.token, sample('id_card_back')))).toMatchObject({ status: 409, reason: 'ticket_used' })
    expect(await phone.call('GET', `/tickets/${t.token}`)).toMatchObject({ state: 'used' })
    expect((await mine()).map((m) => m.id)).toEqual([sent.id])
    expect((await phone.raw('GET', `/filings/${id}/materials/${sent.id}`)).status).toBe(401)
  })

  test('a refused picture leaves the ticket open', async () => {
    const t = await ticket()
    const phone = new Browser(platform, 'en')
    const before = await mine()
    const refused = await refusal(send(phone, t.token, heic()))
    expect(refused.problems.map((p) => p.code)).toEqual(['file_is_heic'])
    expect(refused.problems[0]!.message).toContain('HEIC')
    expect(await phone.call('GET', `/tickets/${t.token}`)).toMatchObject({ state: 'open' })
    expect(await mine()).toEqual(before)
    expect(await send(phone, t.token, sample('id_card_front'))).toMatchObject({ purpose })
  })

  test('of two phones at once only one', async () => {
    const t = await ticket()
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => send(new Browser(platform), t.token, sample('id_card_front'))))
    expect(outcomes.filter((o) => o.status === 'fulfilled').length).toBe(1)
    for (const o of outcomes) if (o.status === 'rejected') expect(o.reason).toMatchObject({ status: 409, reason: 'ticket_used' })
    expect((await mine()).length).toBe(1)
  })

  test('a ticket that nobody made, or that is too old', async () => {
    const phone = new Browser(platform)
    for (const token of ['x', 'A'.repeat(43), '0'.repeat(2000)]) {
      expect((await phone.raw('GET', `/tickets/${token}`)).status, token.slice(0, 50)).toBe(404)
      expect(await refusal(send(phone, token, sample('id_card_front'))), token.slice(0, 50)).toMatchObject({ status: 404 })
    }
    const t = await ticket()
    await platform.sql(`UPDATE tickets SET expires_at = ${Date.now() - 1000}`)
    expect(await phone.call('GET', `/tickets/${t.token}`)).toMatchObject({ state: 'expired' })
    expect(await refusal(send(phone, t.token, sample('id_card_front')))).toMatchObject({ status: 409, reason: 'ticket_expired' })
  })

  test('for a website the phone is told which; for nothing that there is not', async () => {
    const t = await ticket('s1', 'domain_certificate')
    const phone = new Browser(platform)
    expect(await phone.call('GET', `/tickets/${t.token}`)).toMatchObject({ purpose: 'domain_certificate', site_name: '我的读书笔记' })
    await send(phone, t.token, sample('domain_certificate'))
    expect(await mine('domain_certificate')).toMatchObject([{ site: 's1', by_phone: true }])
    expect(await refusal(ticket('s9', 'domain_certificate'))).toMatchObject({ status: 404 })
    expect(await refusal(ticket(undefined, 'shoe_size'))).toMatchObject({ status: 422, reason: 'material_unknown' })
  })
})

describe('what is seen in a picture', () => {
  type Seen = NonNullable<Filing['materials'][number]['inspection']>
  const seen = (of: string, material: string): Promise<Seen> =>
    eventually(
      'somebody has looked at it',
      async () => {
        const found = (await mine(of)).find((m) => m.id === material)?.inspection
        return found?.state === 'waiting' ? undefined : found
      },
      100_000,
    )
  const reading = (inspection: Seen, field: string) => inspection.readings.find((one) => one.field === field)

  test('an identity card is read after the upload, compared, and offered where nothing was typed', async () => {
    const m = await a.upload(id, purpose, null, sample('id_card_front'))
    const inspection = await seen(purpose, m.id)
    expect([inspection.state, inspection.could_read]).toEqual(['done', true])
    const number = reading(inspection, 'number')!
    expect([number.read, number.path, number.verdict]).toEqual([
      '990101199001010019',
      'organiser.certificate_number',
      'differs',
    ])
    expect(number.typed).not.toBe(number.read)
    expect(number.fills).toBe(false)
    await a.change(id, [{ path: 'organiser.certificate_number', to: null }])
    const emptied = reading(await seen(purpose, m.id), 'number')!
    expect([emptied.verdict, emptied.fills]).toEqual(['missing', true])
  })

  test('the very same picture given twice is noticed', async () => {
    const m = await a.upload(id, 'principal_certificate_back', null, sample('id_card_front'))
    const { findings } = await seen('principal_certificate_back', m.id)
    expect(findings.map((one) => one.code)).toContain('picture_given_twice')
    for (const one of findings) {
      expect(one.hard).toBe(false)
      expect(one.message + one.fix).toMatch(/\p{Script=Han}/u)
    }
  })

  test('a picture that was put under the wrong heading and then under the right one was given once', async () => {
    const codes = async (of: string, material: string) => (await seen(of, material)).findings.map((one) => one.code)
    const back = 'principal_certificate_back'
    // Both show it now; when the front gets its own picture, the back is the only one left with it.
    const twice = await a.upload(id, back, null, sample('id_card_front'))
    expect(await codes(back, twice.id)).toContain('picture_given_twice')
    const front = await a.upload(id, purpose, null, sample('business_licence'))
    expect(await codes(back, twice.id)).not.toContain('picture_given_twice')
    // The other way round: what was replaced before does not count when the next one is looked at.
    const right = await a.upload(id, back, null, sample('business_licence'))
    expect(await codes(back, right.id)).toContain('picture_given_twice')
    const last = await a.upload(id, purpose, null, sample('id_card_front'))
    expect(await codes(purpose, last.id)).not.toContain('picture_given_twice')
    expect(await codes(back, right.id)).not.toContain('picture_given_twice')
    expect(front.id).not.toBe(last.id)
  })

  test('a paper to print is made for its owner only', async () => {
    const response = await a.raw('GET', `/filings/${id}/sheets/verification_form`)
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/pdf'])
    expect(response.headers.get('content-disposition')).toContain('attachment')
    expect(Buffer.from(await response.arrayBuffer()).subarray(0, 5).toString()).toBe('%PDF-')
    expect((await a.raw('GET', `/filings/${id}/sheets/authorisation`)).status).toBe(404)
    expect((await a.raw('GET', `/filings/${id}/sheets/unicorn`)).status).toBe(404)
    const other = new Applicant(platform)
    await other.register('sheets-other@applicant.example')
    expect((await other.raw('GET', `/filings/${id}/sheets/commitment`)).status).toBe(404)
    expect((await a.raw('GET', `/desk/filings/${id}/materials/1/copy`)).status).toBe(403)
  })

  test('the signed copy is known again, and so is one from before a change', async () => {
    const unit: Case = { enterprise: true, domains: ['materials-sheet.cn'], sequence: 402 }
    const of = 'authorisation'
    id = (await a.draft(unit)).id
    const pdf = await a.raw('GET', `/filings/${id}/sheets/${of}`)
    const page = spawnSync('pdftoppm', ['-jpeg', '-r', '110', '-singlefile', '-'], {
      input: Buffer.from(await pdf.arrayBuffer()),
      maxBuffer: 32 << 20,
    })
    const m = await a.upload(id, of, null, bytes(page.stdout))
    expect((await seen(of, m.id)).sheet).toBe('current')
    await a.change(id, [{ path: 'organiser.name', to: '改名以后的示例有限公司' }])
    const changed = await seen(of, m.id)
    expect(changed.sheet).toBe('outdated')
    expect(changed.findings.map((one) => one.code)).toContain('sheet_outdated')
  })
})
