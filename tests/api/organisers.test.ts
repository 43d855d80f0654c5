// Every nature of organiser with each of its certificates: the form can be filled in to the end, and
// one of each nature goes the whole way to its number.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { schemas, validate } from '../support/journey.ts'
import { certificateNumber } from '../support/numbers.ts'
import { answers, Applicant, type Case, type Filing, Officer, Staff } from '../support/people.ts'
import { Platform, root } from '../support/platform.ts'

interface Entry {
  id: number
  nature: number
  number: string[]
  prefixes?: string[]
  label: { en: string }
}
const dictionary = (name: string): Entry[] =>
  JSON.parse(readFileSync(join(root, `data/dictionaries/${name}.json`), 'utf8')).entries
const natures = dictionary('natures')
const certificates = dictionary('certificate_types')

let platform: Platform
let applicant: Applicant
let product: string
beforeAll(async () => {
  platform = await Platform.start()
  applicant = new Applicant(platform)
  await applicant.register('all@applicant.example')
  const csv = join(mkdtempSync(join(tmpdir(), 'beian-csv-')), 'products.csv')
  writeFileSync(csv, 'farm,server,198.19.40.1,,r,2026-01-01,2036-01-01,100,all@applicant.example\n')
  expect(await platform.command(['import-products', '--config', platform.config, csv])).toMatchObject({ status: 0 })
  const { products } = await applicant.call<{ products: { id: string; instance: string }[] }>('GET', '/products')
  product = products.find((p) => p.instance === 'farm')!.id
}, 120_000)
afterAll(async () => platform?.stop())

let sequence = 0
async function draft(certificate: Entry): Promise<Filing> {
  ++sequence
  const enterprise = certificate.nature !== 5
  const c: Case = { enterprise, domains: [`organiser-${sequence}.cn`], sequence }
  const question = {
    domain: c.domains[0],
    nature: certificate.nature,
    certificate_type: certificate.id,
    certificate_number: certificateNumber(certificate.number[0]!, sequence, certificate.prefixes?.[0]),
    province: '330000',
  }
  const filing = await applicant.call<Filing>('POST', '/filings', question)
  await applicant.change(filing.id, answers(c, '198.19.40.1', product))
  return applicant.filing(filing.id)
}

test('the dictionaries name every nature’s certificates', () => {
  expect(natures.length).toBeGreaterThanOrEqual(18)
  for (const nature of natures) expect([nature.id, certificates.some((c) => c.nature === nature.id)]).toEqual([nature.id, true])
})

describe.each(natures.map((n) => [n.label.en, n] as const))('%s', (_name, nature) => {
  const own = certificates.filter((c) => c.nature === nature.id)

  test.each(own.map((c) => [c.label.en, c] as const))('by %s: nothing stands against it but the papers', async (_label, certificate) => {
    const filing = await draft(certificate)
    const hard = filing.problems.filter((p) => p.hard)
    expect(hard.filter((p) => !p.field.includes('materials'))).toEqual([])
    const needed = (filing.required_materials ?? []).filter((m) => m.required).map((m) => m.purpose)
    expect(needed).toContain('principal_certificate_front')
    expect(needed.includes('organiser_certificate')).toBe(nature.id !== 5)
    expect(hard.map((p) => p.field).sort()).toEqual(needed.map((purpose) => `materials.${purpose}`).sort())
  }, 60_000)

  test('of another nature’s certificate is refused', async () => {
    const foreign = certificates.find((c) => c.nature !== nature.id)!
    const refused = await applicant
      .call('POST', '/filings', {
        domain: 'organiser-foreign.cn',
        nature: nature.id,
        certificate_type: foreign.id,
        certificate_number: certificateNumber(foreign.number[0]!, 1),
        province: '330000',
      })
      .catch((e: unknown) => e)
    expect(refused).toMatchObject({ status: 422, problems: [{ field: 'certificate_type' }] })
  })

  test('goes all the way to a number', async () => {
    applicant.address = `10.77.${nature.id}.7` // the pace of uploads is not what this is about
    const { id } = await draft(own[0]!)
    await applicant.uploadAll(id)
    expect((await applicant.act(id, 'submit')).state).toBe('initial_review')
    const senior = await Staff.logIn(platform, 'senior')
    await senior.decide(id, 'pass_initial')
    await applicant.uploadAll(id)
    await applicant.act(id, 'submit_photo')
    await new Officer(platform).call('PUT', 'settings', { automatic: 'pass', automatic_delay_ms: 0 })
    await senior.decide(id, 'pass_photo')
    const done = await applicant.reaches(id, 'approved').catch(async (late: unknown) => {
      const now = await applicant.filing(id)
      throw new Error(`${now.state} ${JSON.stringify(now.bureau_reasons)} (${String(late)})`)
    })
    expect(done.result!.organiser_number).toMatch(/^浙ICP备\d{10}号$/)
  }, 120_000)
})

test('all of it was valid by the ministry’s schema', async (context) => {
  if (!schemas()) context.skip('the ministry’s schemas are not here (BEIAN_XSD_DIR)')
  const { uploads, faults } = await validate(platform)
  expect(faults).toEqual([])
  expect(uploads).toBe(natures.length)
}, 60_000)
