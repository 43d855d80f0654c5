// What the console answers, as src/sandbox/console_json.cc writes it.

export interface Named {
  id: number
  name: string
}
export interface Person {
  name: string
  mobile: string
  office_phone: string
  email: string
  certificate_number: string
  certificate_type_name?: string
}
export interface Access {
  id: string
  isp_id: string
  provider: string
  methods: Named[]
  locations: Named[]
  ips: { first: string; last: string }[]
}
export interface Website {
  id?: string
  isp_id: string
  name: string
  domains: string[]
  home_url: string
  services: Named[]
  languages: Named[]
  approvals: { kind: number; name: string; number: string; scans: number }[]
  accesses: Access[]
  manager: Person
  remark: string
  number?: string
}
export interface Organiser {
  isp_id: string
  name: string
  nature_name?: string
  investor: string
  certificate_type_name: string
  certificate_number: string
  certificate_address: string
  province: string
  city: string
  county: string
  address: string
  principal: Person
  remark: string
  number?: string
  first_filed?: string
  last_changed?: string
}
export interface Attachment {
  purpose: number
  format: string
  owner: 'organiser' | 'website'
  owner_id: string
  bytes: number
  remark: string
}
export interface Filing {
  organiser: Organiser
  websites: Website[]
  attachments?: Attachment[]
}
export type OrderState = 'pending' | 'sms_pending' | 'passed' | 'refused' | 'returned'
export const kinds = [
  'new_filing',
  'new_website',
  'new_access',
  'change',
  'cancel_organiser',
  'cancel_website',
  'cancel_access',
  'material',
] as const
export type Kind = (typeof kinds)[number]
export interface Order {
  id: string
  province: string
  isp_id: string
  isp_record: string
  kind: Kind
  state: OrderState
  organiser_name: string
  domains: string[]
  received_at: number
  decided_at: number | null
  codes: number[]
  opinion: string
  reviewer: string
  subject_id: string | null
  site_results: { isp_id: string; name: string; opinion: string }[]
}
export interface Sms {
  id: string
  order_id: string
  person: string
  role: 'principal' | 'manager'
  mobile: string
  certificate_last_six: string
  code: string
  sent_at: number
  expires_at: number
  tries: number
  verified_at: number | null
}
export interface WholeOrder extends Order {
  /** Null when its characters could not be kept. */
  filing: Filing | null
  /** What it replaces or adds to, as it was. */
  before: Filing | null
  cancellation: { reason: number; reason_name: string; text: string } | null
  mark: string
  password_given?: boolean
  sms: Sms[]
  published: Subject | null
}
export interface Subject extends Filing {
  id: string
  province: string
  isp_id: string
  cancelled: boolean
  in_flight: Order[]
  filing_password: string | null
}
export interface Province {
  path: string
  code: string
  name: string
  prefix: string
  bureau: string
  orders: Partial<Record<OrderState, number>>
}
export type Settings = Record<string, string | number | boolean>
export interface BureauState {
  now: number
  provinces: Province[]
  settings: Settings
  unprocessed: number
  undelivered: number
}
export interface Provider {
  province: string
  isp_id: string
  name: string
  user_name: string
  password: string
  key: string
  iv: string
  last_sequence: number
  role: 'access' | 'domain' | 'absent'
}
export interface Code {
  code: number
  text: string
  field: string
}

export const task_kinds = [
  'verification',
  'finding',
  'notice',
  'unfiled',
  'illegal_access',
  'ip_finding',
  'blacklist',
  'dictionary',
  'synchronisation',
] as const
export type TaskKind = (typeof task_kinds)[number]
export interface Task {
  id: string
  kind: TaskKind
  province: string
  isp_id: string
  subject_id: string | null
  detail: Record<string, string | number | boolean>
  created_at: number
  answered_at: number | null
  answer: Record<string, unknown> | null
}
