// The shapes of data/forms, data/dictionaries and data/rules, as docs/forms.md explains them.

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type Content = { [key: string]: Json }
export type Locale = 'zh-CN' | 'en'
export type Labels = Partial<Record<Locale, string>>

export type Comparison = '>=' | '<=' | '>' | '<' | '=' | '=='

export type Condition =
  | boolean
  | { always: true }
  | { eq: [string, Json] }
  | { ne: [string, Json] }
  | { in: [string, Json[]] }
  | { present: string }
  | { absent: string }
  | { matches: [string, string] }
  | { before: [string, string] }
  | { after: [string, string] }
  | { count: [string, Comparison, number] }
  | { contains: [string, string[]] }
  | { length: [string, Comparison, number] }
  | { number: [string, Comparison, number] }
  | { same: [string, string] }
  | { distinct: [string[], Comparison, number] }
  | { age: [string, Comparison, number] }
  | { elsewhere: [string, number, string] }
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition }

export type FieldKind =
  | 'text'
  | 'long_text'
  | 'person_name'
  | 'choice'
  | 'choices'
  | 'yes_no'
  | 'date'
  | 'date_or_long'
  | 'certificate_number'
  | 'mobile'
  | 'phone'
  | 'email'
  | 'province'
  | 'city'
  | 'county'
  | 'domain'
  | 'url'
  | 'ips'
  | 'list'
  | 'product'
  | 'service_code'

export interface Field {
  id: string
  path: string // begins with '.' where the page is repeated for each website
  kind: FieldKind
  label: Labels
  official?: Labels // the term of the law, shown small
  help?: Labels
  example?: string | Labels
  dictionary?: string
  filter?: { [key: string]: string | number } // one member: entries whose number equals path or id
  of?: string
  default?: Json
  shown?: Condition
  required?: Condition
  advised?: Condition
  min?: number
  max?: number
  determines_kind?: boolean
  opens?: string[]
  autocomplete?: string
  ministry?: string
  item?: Labels // of a list
  fields?: Field[] // of a list
}

export interface Group {
  id: string
  title: Labels
  official?: Labels
  help?: Labels
  shown?: Condition
  /** Begins a page of its own although it only sometimes shows. */
  step?: boolean
  fields: Field[]
}

export interface Page {
  id: string
  title: Labels
  official?: Labels
  help?: Labels
  each?: 'sites'
  min?: number
  max?: number
  item?: Labels
  add?: Labels
  groups: Group[]
}

export interface MaterialRule {
  purpose: string
  scope: 'filing' | 'site'
  stage: 'submit' | 'verification'
  label: Labels
  title_from?: { path: string; dictionary: string }
  why: Labels
  source: string
  shown: Condition
  required: Condition
  max_count?: number
  limit_kib: number
  attachments: { kind: number; when?: Condition }[]
  guidance: Labels[]
}

export interface Form {
  id: string
  version: string
  kind: string
  title: Labels
  pages: Page[]
  materials: MaterialRule[]
}

export interface DictionaryEntry {
  id: number
  label: Labels
  help?: Labels
  active?: boolean
  nature?: number
  number?: string[]
  prefixes?: string[]
  sides?: number
  person?: boolean
  example?: string
  note?: Labels
  province?: string
  [key: string]: Json | Labels | undefined
}
export interface Dictionary {
  id: string
  title?: Labels
  entries: DictionaryEntry[]
}
export type Dictionaries = Record<string, Dictionary>

export type RequirementKind =
  | 'value'
  | 'relation'
  | 'limit'
  | 'remark'
  | 'material'
  | 'authorisation'
  | 'verification'
  | 'notice'

// docs/rules.md; national rules have the `code` of a problem in place of a `text`.
export interface Rule {
  id: string
  applies_to?: string[]
  kinds?: string[]
  requires?: RequirementKind
  field: string
  each?: 'sites'
  when?: Condition
  when_absent?: boolean
  must?: Condition
  check?: string
  params?: Record<string, string>
  purpose?: string
  code?: string
  text?: Labels
  fix?: Labels
  template?: Labels
  severity?: 'hard' | 'warn' | 'info'
  law?: boolean
  conflict?: boolean
  confirmed?: { by: string; on: string }
  source: string | string[]
  /** The national rule that says the same less closely at this field. */
  replaces?: string
  date?: string
  confidence?: string
  valid_from?: string
  valid_until?: string
}

export interface RuleGroup {
  label: Labels
  holds: Condition
}
// data/rules/common.json
export interface RuleVocabulary {
  groups: Record<string, RuleGroup>
  audiences: { id: string; label: Labels; nature: number; groups: string[] }[]
  sources: Record<string, { title: Labels; url?: string }>
  papers: { purpose: string; label: Labels }[]
}

// {"330000": ["浙江省", {"330100": ["杭州市", {"330106": "西湖区"}]}]}
export type DivisionTree = Record<
  string,
  [string, Record<string, [string, Record<string, string>]>]
>

export interface Problem {
  field: string
  code: string
  params: Record<string, string>
  rule: string
  source: string
  hard: boolean
}

// What the checks look up. `divisions` may come later than the rest: it is the largest file.
export interface Catalogue {
  dictionaries: Dictionaries
  divisions?: DivisionTree
  rules: Rule[]
  vocabulary?: RuleVocabulary // for the titles of their sources
}

export interface MaterialPlace {
  purpose: string
  site: string // "" for the filing as a whole
}
