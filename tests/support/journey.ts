// The way of a filing through the hands of all, as far as a story needs it.
import { existsSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Applicant, type Case, citizenId, type Filing, type Officer, type Order, type Staff } from './people.ts'
import { eventually, type Platform, root, run } from './platform.ts'

export interface Staffed {
  reviewer: Staff
  photo: Staff
  officer: Officer
}

// A website's manager who is somebody else than the principal.
export function otherManager(site: string, sequence: number, name = '测试丁'): { path: string; to: unknown }[] {
  const at = `sites.${site}.manager`
  return [
    { path: `sites.${site}.manager_same`, to: false },
    { path: `${at}.name`, to: name },
    { path: `${at}.certificate_type`, to: 2 },
    { path: `${at}.certificate_number`, to: citizenId(sequence) },
    { path: `${at}.certificate_from`, to: '2021-05-01' },
    { path: `${at}.certificate_until`, to: 'long' },
    { path: `${at}.mobile`, to: `1300000${String(2000 + sequence).slice(-4)}` },
    { path: `${at}.office_phone`, to: '0571-88880001' },
    { path: `${at}.email`, to: 'manager@organiser.example' },
  ]
}

export async function submitted(applicant: Applicant, c: Case): Promise<Filing> {
  const { id } = await applicant.draft(c)
  await applicant.uploadAll(id)
  return applicant.act(id, 'submit')
}

// From the first review to the officer's desk.
export async function handOver(applicant: Applicant, staff: Staffed, id: string): Promise<void> {
  await staff.reviewer.decide(id, 'pass_initial')
  if ((await applicant.filing(id)).state !== 'verification') return
  await applicant.uploadAll(id)
  await applicant.act(id, 'submit_photo')
  await staff.photo.decide(id, 'pass_photo')
}

export async function orderOf(officer: Officer, id: string, state = 'pending'): Promise<Order> {
  return eventually(`the order of ${id} at the bureau, ${state}`, async () => {
    const { orders } = await officer.call<{ orders: Order[] }>('GET', `orders?state=${state}`)
    return orders.find((order) => order.isp_record === id)
  }, 60_000)
}

export async function approved(applicant: Applicant, staff: Staffed, c: Case): Promise<Filing> {
  const { id } = await submitted(applicant, c)
  await handOver(applicant, staff, id)
  const order = await orderOf(staff.officer, id)
  await staff.officer.call('POST', `orders/${order.id}/pass`, { opinion: '通过' })
  return applicant.reaches(id, 'approved')
}

// Where the ministry's schemas are; undefined where there are none.
export function schemas(): string | undefined {
  const folder = process.env.BEIAN_XSD_DIR ?? join(root, '../shared/ministry-xsd')
  return existsSync(join(folder, '企业上报数据格式.xsd')) ? folder : undefined
}

// What xmllint says about every data file that went to and came from the bureau.
export async function validate(platform: Platform): Promise<{ uploads: number; downloads: number; faults: string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'beian-xml-'))
  const told = await run('/usr/bin/python3', [join(root, 'tests/support/exchanged.py'), platform.bureauDatabase, folder])
  if (told.status !== 0) throw new Error(told.said)
  const [uploads, downloads] = told.said.trim().split(' ').map(Number)
  const faults: string[] = []
  for (const [prefix, schema] of [
    ['upload', '企业上报数据格式.xsd'],
    ['download', '企业下载数据格式.xsd'],
  ] as const) {
    const files = readdirSync(folder).filter((name) => name.startsWith(prefix))
    if (files.length === 0) continue
    const verdict = await run('xmllint', [
      '--noout',
      '--schema',
      join(schemas()!, schema),
      ...files.map((name) => join(folder, name)),
    ])
    faults.push(...verdict.said.split('\n').filter((line) => line !== '' && !line.endsWith(' validates')))
    if (verdict.status !== 0 && faults.length === 0) faults.push(`xmllint ended with ${verdict.status}`)
  }
  return { uploads: uploads!, downloads: downloads!, faults }
}
