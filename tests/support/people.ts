// The people of a story: an applicant, staff and the bureau's officer, each with what a browser
// would keep (cookie, CSRF token), and the verbs they know.
import { readFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { components } from '../../web/src/shared/api/schema'
import { binary, eventually, type Platform, root } from './platform.ts'

export type Schemas = components['schemas']
export type Filing = Schemas['Filing']
export type DeskFiling = Schemas['DeskFiling']
export type Action = Schemas['Action']
export interface ShownProblem {
  field: string
  code: string
  message: string
  fix: string
  hard: boolean
  rule?: string
  source?: string
}

export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly reason: string,
    readonly problems: ShownProblem[],
    readonly title: string,
  ) {
    super(`${status} ${reason} ${problems.map((p) => `${p.field}:${p.code}`).join(', ')}`)
  }
}

let networks = 0

// Somebody at a computer of his own: a cookie, a token, and an address in a network of its own, so
// that what one does too often is not held against the others.
export class Browser {
  cookie = ''
  csrf = ''
  address = `10.${++networks >> 8}.${networks & 255}.7`

  constructor(
    readonly platform: Platform,
    readonly locale = 'zh-CN',
  ) {}

  async raw(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const multipart = body instanceof FormData
    const response = await fetch(`${this.platform.url}/api/v1${path}`, {
      method,
      headers: {
        'accept-language': this.locale,
        'x-forwarded-for': this.address,
        ...(this.cookie ? { cookie: this.cookie } : {}),
        ...(this.csrf ? { 'x-csrf-token': this.csrf } : {}),
        ...(body === undefined || multipart ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : multipart ? body : JSON.stringify(body),
    })
    const set = response.headers.get('set-cookie')
    if (set) this.cookie = set.split(';')[0]!
    return response
  }

  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await this.raw(method, path, body)
    const text = await response.text()
    const value = text ? JSON.parse(text) : undefined
    if (response.ok) return value as T
    throw new Refused(response.status, value?.reason, value?.problems ?? [], value?.title)
  }

  async logIn(email: string, password: string): Promise<void> {
    const done = await this.call<{ csrf_token: string }>('POST', '/account/login', { email, password })
    this.csrf = done.csrf_token
  }
}

// A program with a token: no cookie, nothing that a browser would add.
export class Program extends Browser {
  constructor(
    platform: Platform,
    readonly token: string,
  ) {
    super(platform)
  }
  override raw(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return super.raw(method, path, body, { authorization: `Bearer ${this.token}`, ...headers })
  }

  static async of(owner: Browser, scopes: string[]): Promise<Program> {
    const made = await owner.call<{ token: string }>('POST', '/account/tokens', { name: scopes.join(' '), scopes, days: 7 })
    return new Program(owner.platform, made.token)
  }
}

let samples: string | undefined
// The synthetic papers (样张) of the project, drawn once.
export function sample(name: string): Blob {
  if (!samples) {
    samples = mkdtempSync(join(tmpdir(), 'beian-samples-'))
    execFileSync(binary, ['sample', samples], { cwd: root, stdio: ['ignore', 'ignore', 'ignore'] })
  }
  return new Blob([readFileSync(join(samples, `${name}.jpg`))], { type: 'image/jpeg' })
}

// A citizen's number with a good check digit, of a county that does not exist (GB 11643).
export function citizenId(sequence: number): string {
  const body = `11990119900307${String(sequence).padStart(3, '0')}`
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = [...body].reduce((total, digit, i) => total + Number(digit) * weights[i]!, 0)
  return body + '10X98765432'[sum % 11]
}

// A unified social credit code with a good check character (GB 32100).
export function creditCode(sequence: number): string {
  const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'
  const body = `91330199MA${String(sequence).padStart(7, '0')}`
  let sum = 0
  for (let i = 0; i < 17; ++i) sum += alphabet.indexOf(body[i]!) * (3 ** i % 31)
  return body + alphabet[(31 - (sum % 31)) % 31]
}

export interface Case {
  enterprise: boolean
  domains: string[]
  sequence: number
}

// What an applicant types, as changes of empty fields.
export function answers(c: Case, ip: string, product: string): { path: string; to: unknown }[] {
  const mobile = `1990000${String(1000 + c.sequence).slice(-4)}`
  const person = (base: string, name: string) => [
    { path: `${base}.certificate_from`, to: '2020-01-01' },
    { path: `${base}.certificate_until`, to: '2040-01-01' },
    { path: `${base}.mobile`, to: mobile },
    { path: `${base}.email`, to: 'someone@organiser.example' },
    ...(c.enterprise
      ? [
          { path: `${base}.name`, to: name },
          { path: `${base}.certificate_type`, to: 2 },
          { path: `${base}.certificate_number`, to: citizenId(500 + c.sequence) },
          { path: `${base}.office_phone`, to: '0571-88880000' },
        ]
      : []),
  ]
  return [
    { path: 'organiser.name', to: c.enterprise ? '示例科技有限公司' : '测试甲' },
    ...(c.enterprise ? [{ path: 'organiser.investor', to: '示例投资人' }] : []),
    { path: 'organiser.city', to: '330100' },
    { path: 'organiser.county', to: '330106' },
    { path: 'organiser.certificate_address', to: '浙江省杭州市西湖区示例路1号' },
    { path: 'organiser.address', to: '示例路1号2幢301室' },
    ...person('principal', '测试乙'),
    ...c.domains.flatMap((domain, i) => {
      const site = `sites.s${i + 1}`
      const names = ['示例产品介绍', '示例技术资料', '示例服务说明']
      return [
        { path: `${site}.name`, to: c.enterprise ? names[i]! : '我的读书笔记' },
        ...(i > 0 ? [{ path: `${site}.domain`, to: domain }] : []),
        { path: `${site}.home_url`, to: `www.${domain}` },
        { path: `${site}.services`, to: [c.enterprise ? 8 : 24] },
        ...(c.enterprise ? [] : [{ path: `${site}.remark`, to: '个人读书笔记，不涉及经营' }]),
        { path: `${site}.access.product`, to: product },
        { path: `${site}.access.locations`, to: [34] },
        { path: `${site}.access.ips`, to: [ip] },
      ]
    }),
  ]
}

export class Applicant extends Browser {
  email = ''
  password = 'correct horse battery'

  async register(email: string): Promise<void> {
    this.email = email
    const meta = await this.call<{ privacy_notice: string }>('GET', '/meta')
    await this.call('POST', '/account/register', { email, password: this.password, consent: meta.privacy_notice })
    const token = await eventually('the activation mail', async () => {
      const mail = this.platform.mail.mails().findLast((m) => m.to.includes(email))
      return mail && /activate\?token=([\w-]+)/.exec(mail.text)?.[1]
    })
    await this.call('POST', '/account/activate', { token })
    await this.logIn(email, this.password)
  }

  question(c: Case) {
    return {
      domain: c.domains[0]!,
      nature: c.enterprise ? 4 : 5,
      certificate_type: c.enterprise ? 1 : 2,
      certificate_number: c.enterprise ? creditCode(c.sequence) : citizenId(c.sequence),
      province: '330000',
    }
  }

  async draft(c: Case): Promise<Filing> {
    const { products } = await this.call<{ products: { id: string; ips: string[] }[] }>('GET', '/products')
    const filing = await this.call<Filing>('POST', '/filings', this.question(c))
    for (let i = 1; i < c.domains.length; ++i) await this.call('POST', `/filings/${filing.id}/sites`)
    await this.change(filing.id, answers(c, products[0]!.ips[0]!, products[0]!.id))
    return this.filing(filing.id)
  }

  // Changes fields from whatever they hold now.
  async change(id: string, changes: { path: string; to: unknown }[]): Promise<void> {
    const { content } = await this.filing(id)
    const at = (path: string): unknown =>
      path.split('.').reduce<unknown>((value, step) => {
        if (Array.isArray(value)) return value.find((item) => (item as { key?: string }).key === step)
        return (value as Record<string, unknown> | undefined)?.[step]
      }, content)
    await this.call('PATCH', `/filings/${id}/content`, {
      changes: changes.map((c) => ({ ...c, from: at(c.path) ?? null })),
    })
  }

  filing(id: string): Promise<Filing> {
    return this.call('GET', `/filings/${id}`)
  }

  async upload(id: string, purpose: string, site: string | null, file: Blob): Promise<Schemas['Material']> {
    const form = new FormData()
    form.set('purpose', purpose)
    if (site) form.set('site', site)
    form.set('file', file, 'photo.jpg')
    return this.call('POST', `/filings/${id}/materials`, form)
  }

  async uploadAll(id: string): Promise<void> {
    const papers: Record<string, string> = {
      organiser_certificate: 'business_licence',
      principal_certificate_front: 'id_card_front',
      principal_certificate_back: 'id_card_back',
      manager_certificate_front: 'id_card_front',
      manager_certificate_back: 'id_card_back',
      verification_photo: 'verification_photo',
    }
    const filing = await this.filing(id)
    for (const m of filing.required_materials ?? [])
      if (m.required && !filing.materials.some((have) => have.purpose === m.purpose && (have.site ?? null) === (m.site ?? null)))
        await this.upload(id, m.purpose, m.site ?? null, sample(papers[m.purpose] ?? 'domain_certificate'))
  }

  async act(id: string, action: Action): Promise<Filing> {
    const { version } = await this.filing(id)
    return this.call('POST', `/filings/${id}/actions/${action}`, { version })
  }

  async reaches(id: string, state: Filing['state']): Promise<Filing> {
    return eventually(`filing in ${state}`, async () => {
      const filing = await this.filing(id)
      return filing.state === state && filing
    })
  }
}

export class Staff extends Browser {
  static async logIn(platform: Platform, name: string): Promise<Staff> {
    const staff = new Staff(platform)
    await staff.logIn(platform.staff[name]!.email, platform.staff[name]!.password)
    return staff
  }

  claim(id: string): Promise<DeskFiling> {
    return this.call('POST', `/desk/filings/${id}/claim`, {})
  }

  async decide(
    id: string,
    action: Action,
    corrections?: { field: string; reason_code?: string; text?: string }[],
  ): Promise<DeskFiling> {
    const { version } = await this.claim(id)
    return this.call('POST', `/desk/filings/${id}/actions/${action}`, { version, corrections })
  }
}

export interface Order {
  id: string
  state: string
  isp_record: string
  [more: string]: unknown
}

// The officer at the reference bureau's console.
export class Officer {
  constructor(readonly platform: Platform) {}

  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.platform.console}console/api/${path}`, {
      method,
      headers: {
        console: this.platform.consoleToken,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`console ${method} ${path}: ${response.status} ${text}`)
    return JSON.parse(text) as T
  }
}
