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
export interface Website {
  isp_id: string
  name: string
  domains: string[]
  home_url: string
  services: Named[]
  languages: Named[]
  approvals: { kind: number; name: string; number: string; scans: number }[]
  accesses: { methods: Named[]; locations: Named[]; ips: { first: string; last: string }[] }[]
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
export type OrderState = 'pending' | 'passed' | 'refused' | 'returned'
export interface Order {
  id: string
  province: string
  isp_id: string
  isp_record: string
  state: OrderState
  organiser_name: string
  domains: string[]
  received_at: number
  decided_at: number | null
  codes: number[]
  opinion: string
  reviewer: string
  subject_id: string | null
}
export interface WholeOrder extends Order {
  filing: Filing
  published: Subject | null
}
export interface Subject extends Filing {
  id: string
  province: string
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
export interface Code {
  code: number
  text: string
  field: string
}
