// People whose connection breaks: what got no answer is tried again, after a look at what the
// platform has when doing it twice would do harm.
import { expect } from 'vitest'
import { answers, Applicant, Browser, type Case, type Filing, Officer, Refused, sample } from '../support/people.ts'
import { eventually, type Platform } from '../support/platform.ts'

export const sleep = (ms: number) => new Promise((wake) => setTimeout(wake, ms))

// Numbers that come again with the same seed.
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

class NoAnswer extends Error {}

// An answer, or NoAnswer when the connection broke; waits where the platform asks for it.
async function answered(ask: () => Promise<Response>): Promise<Response> {
  for (;;) {
    let response: Response
    try {
      response = await ask()
    } catch (error) {
      throw new NoAnswer(String(error))
    }
    if (response.status !== 429 && response.status !== 503) return response
    await response.arrayBuffer().catch(() => undefined)
    await sleep(1000 * Number(response.headers.get('retry-after') ?? 1))
  }
}

// Until there is an answer. A body cut off by the end of the program is no answer either.
async function insist<T>(ask: () => Promise<T>, within = 240_000): Promise<T> {
  const end = Date.now() + within
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      const unanswered = error instanceof NoAnswer || error instanceof TypeError || error instanceof SyntaxError
      if (!unanswered || Date.now() > end) throw error
      await sleep(100)
    }
  }
}

export class Ledger {
  readonly actions: string[] = [] // acknowledged steps, in order
  readonly values = new Map<string, unknown>() // acknowledged answers by path
  readonly materials = new Map<string, { id: string; bytes: number }>() // by purpose and site
  version = 0
  state = ''
  number = ''
}

const at = (content: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((value, step) => {
    if (Array.isArray(value)) return value.find((item) => (item as { key?: string }).key === step)
    return (value as Record<string, unknown> | undefined)?.[step]
  }, content)

export class StubbornApplicant extends Applicant {
  id = ''
  readonly ledger = new Ledger()

  override raw(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return answered(() => super.raw(method, path, body, headers))
  }
  // For what may be done twice: reads, and changes that say from what to what, or of which version.
  again<T>(method: string, path: string, body?: unknown): Promise<T> {
    return insist(() => this.call<T>(method, path, body))
  }
  override filing(id: string): Promise<Filing> {
    return this.again('GET', `/filings/${id}`)
  }

  async join(email: string): Promise<void> {
    this.email = email
    const meta = await this.again<{ privacy_notice: string }>('GET', '/meta')
    await this.again('POST', '/account/register', { email, password: this.password, consent: meta.privacy_notice })
    const token = await eventually(
      `the activation mail to ${email}`,
      async () => {
        const mail = this.platform.mail.mails().findLast((m) => m.to.includes(email))
        return mail && /activate\?token=([\w-]+)/.exec(mail.text)?.[1]
      },
      120_000,
    )
    await this.again('POST', '/account/activate', { token }).catch((error: unknown) => {
      // Spent: the first try had arrived.
      if (!(error instanceof Refused && error.reason === 'link_invalid')) throw error
    })
    await insist(() => this.logIn(email, this.password))
  }

  async begin(c: Case): Promise<void> {
    const mine = async () => {
      const { filings } = await this.again<{ filings: { id: string }[] }>('GET', '/filings')
      return filings[0]?.id
    }
    this.id = await insist(async () => {
      try {
        return (await this.call<Filing>('POST', '/filings', this.question(c))).id
      } catch (error) {
        if (!(error instanceof Refused && error.reason === 'kind_not_offered')) throw error
        const known = await mine()
        if (!known) throw error
        return known
      }
    })
    this.ledger.actions.push('created')
    const { products } = await this.again<{ products: { id: string; ips: string[] }[] }>('GET', '/products')
    for (let i = 1; i < c.domains.length; ++i)
      await insist(async () => {
        const { content } = await this.filing(this.id)
        if ((content.sites as unknown[]).length <= i) await this.call('POST', `/filings/${this.id}/sites`, {})
      })
    const all = answers(c, products[0]!.ips[0]!, products[0]!.id).map(({ path, to }) => ({
      path,
      to: typeof to === 'string' ? to.normalize('NFKC') : to, // as the platform keeps it
    }))
    for (let i = 0; i < all.length; i += 8) await this.write(all.slice(i, i + 8))
  }

  async write(changes: { path: string; to: unknown }[]): Promise<void> {
    const { content } = await this.filing(this.id)
    const done = await this.again<{ version: number }>('PATCH', `/filings/${this.id}/content`, {
      changes: changes.map((c) => ({ ...c, from: at(content, c.path) ?? null })),
    })
    for (const c of changes) this.ledger.values.set(c.path, c.to)
    this.ledger.version = done.version
  }

  // Puts up what is still missing; looks again before a try that follows a lost answer.
  async putUp(): Promise<void> {
    const papers: Record<string, string> = {
      organiser_certificate: 'business_licence',
      principal_certificate_back: 'id_card_back',
      manager_certificate_back: 'id_card_back',
      verification_photo: 'verification_photo',
    }
    for (const need of (await this.filing(this.id)).required_materials ?? []) {
      if (!need.required) continue
      const site = need.site ?? null
      await insist(async () => {
        const have = (await this.filing(this.id)).materials.find(
          (m) => m.purpose === need.purpose && (m.site ?? null) === site,
        )
        const paper = sample(papers[need.purpose] ?? 'id_card_front')
        const m = have ?? (await this.upload(this.id, need.purpose, site, paper))
        this.ledger.materials.set(`${need.purpose}/${site ?? ''}`, { id: m.id, bytes: m.bytes })
      })
    }
  }

  async step(action: 'submit' | 'submit_photo'): Promise<void> {
    const { version } = await this.filing(this.id)
    const after = await this.again<Filing>('POST', `/filings/${this.id}/actions/${action}`, { version })
    this.ledger.actions.push(action)
    this.ledger.version = after.version
    this.ledger.state = after.state
  }

  async untilNumber(within: number): Promise<string> {
    const done = await eventually(
      `the number of ${this.email}`,
      async () => {
        const filing = await this.filing(this.id)
        return filing.state === 'approved' ? filing : Promise.reject(new Error(`it is in ${filing.state}`))
      },
      within,
    )
    this.ledger.number = done.result!.organiser_number
    return this.ledger.number
  }

  // Everything acknowledged is there, once.
  async audit(readMaterials: boolean): Promise<void> {
    if (!this.id) return
    const known = {
      values: [...this.ledger.values],
      materials: [...this.ledger.materials],
      actions: [...this.ledger.actions],
      version: this.ledger.version,
    }
    const filing = await this.filing(this.id)
    expect(filing.version).toBeGreaterThanOrEqual(known.version)
    for (const [path, value] of known.values) expect(at(filing.content, path), `${this.email} ${path}`).toEqual(value)
    for (const action of known.actions) {
      const times = filing.events.filter((event) => event.action === action).length
      expect(times, `${this.email}: ${action}`).toBe(1)
    }
    for (const [place, material] of known.materials) {
      expect(filing.materials.filter((m) => m.id === material.id).length, `${this.email} ${place}`).toBe(1)
      if (!readMaterials) continue
      const picture = await insist(async () => {
        const response = await this.raw('GET', `/filings/${this.id}/materials/${material.id}?size=full`)
        expect(response.status).toBe(200)
        return new Uint8Array(await response.arrayBuffer())
      })
      expect(picture.length).toBe(material.bytes)
      expect([...picture.slice(0, 3)]).toEqual([0xff, 0xd8, 0xff])
    }
  }
}

export class StubbornStaff extends Browser {
  override raw(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return answered(() => super.raw(method, path, body, headers))
  }
  static async arrive(platform: Platform, name: string): Promise<StubbornStaff> {
    const staff = new StubbornStaff(platform)
    await insist(() => staff.logIn(platform.staff[name]!.email, platform.staff[name]!.password))
    return staff
  }
  // Done when the case stands behind the step, whether by this try or by one whose answer was lost.
  async pass(of: StubbornApplicant, action: 'pass_initial' | 'pass_photo', from: string): Promise<void> {
    await insist(async () => {
      if ((await of.filing(of.id)).state !== from) return
      const { version } = await this.call<{ version: number }>('POST', `/desk/filings/${of.id}/claim`, {})
      await this.call('POST', `/desk/filings/${of.id}/actions/${action}`, { version })
    })
    of.ledger.actions.push(action)
  }
}

// From the first step to the hand-over.
export async function fileUpTo(
  applicant: StubbornApplicant,
  staff: { reviewer: StubbornStaff; photo: StubbornStaff },
  email: string,
  c: Case,
  until: 'photo_review' | 'ready' = 'ready',
): Promise<void> {
  await applicant.join(email)
  await applicant.begin(c)
  await applicant.putUp()
  await applicant.step('submit')
  await staff.reviewer.pass(applicant, 'pass_initial', 'initial_review')
  await applicant.putUp()
  await applicant.step('submit_photo')
  if (until === 'ready') await staff.photo.pass(applicant, 'pass_photo', 'photo_review')
}

export interface Accepted {
  sequences: { province: string; isp_id: string; sequence: number; count: number }[]
  records: { isp_record: string; count: number; passed: number }[]
}
// What the bureau took: each sequence number once, each of these filings once.
export async function expectAcceptedOnce(platform: Platform, filings: string[]): Promise<void> {
  const accepted = await insist(() => new Officer(platform).call<Accepted>('GET', 'accepted'))
  for (const s of accepted.sequences) expect(s, `sequence ${s.sequence}`).toMatchObject({ count: 1 })
  for (const id of filings)
    expect(accepted.records.find((r) => r.isp_record === id), `filing ${id}`).toMatchObject({ count: 1, passed: 1 })
}
