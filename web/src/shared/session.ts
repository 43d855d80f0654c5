// Who is logged in on this page, and what this installation is.
import { computed, reactive } from 'vue'
import { api, ask, set_ground, type Schemas } from './api/client'
import { locale } from './i18n'

type Account = Schemas['Account']
type Meta = Schemas['Meta']
export type Membership = Schemas['AgenciesOfAccount']['memberships'][number]

const state = reactive({
  account: null as Account | null,
  csrf_token: '',
  /** Staff who must enrol a second factor before the desk answers them. */
  second_factor_missing: false,
  /** The privacy notice has a version that this applicant has not agreed to. */
  notice_changed: false,
  known: false,
  ended: false,
  meta: null as Meta | null,
  agencies: null as Schemas['AgenciesOfAccount'] | null,
  /** The agency that a member acts for; himself where it is null. */
  acting: null as Membership | null,
})

const k_acting = 'beian.agency'
/** Acts for the agency of this id from now on; without one for himself. Kept for the next visit. */
function act_for(id: string | null): void {
  state.acting = state.agencies?.memberships.find((one) => one.id === id) ?? null
  if (state.acting?.id === state.account?.id) state.acting = null
  try {
    if (state.acting) localStorage.setItem(k_acting, state.acting.id)
    else localStorage.removeItem(k_acting)
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}
function kept_agency(): string | null {
  try {
    return localStorage.getItem(k_acting)
  } catch {
    return null
  }
}
function know_agencies(agencies: Schemas['AgenciesOfAccount'] | null): void {
  state.agencies = agencies
  act_for(state.acting?.id ?? kept_agency())
}

let loading: Promise<void> | null = null

async function fetch_account(): Promise<void> {
  const answer = await ask(api.GET('/account'))
  state.account = answer.account
  state.csrf_token = answer.csrf_token
  state.second_factor_missing = answer.second_factor_missing
  state.notice_changed = answer.notice_changed
  state.known = true
  know_agencies(answer.agencies)
  if (answer.account) state.ended = false
}

/** Asks the server once who this is; later calls return at once. */
function load(): Promise<void> {
  if (state.known) return Promise.resolve()
  loading ??= fetch_account().finally(() => (loading = null))
  return loading
}

async function load_meta(): Promise<Meta> {
  state.meta ??= await ask(api.GET('/meta'))
  return state.meta
}

/** Refused with the reason second_factor_needed where a `code` has to be given, too. */
async function log_in(email: string, password: string, code?: string): Promise<Account> {
  await load().catch(() => undefined)
  const answer = await ask(api.POST('/account/login', { body: { email, password, code } }))
  state.account = answer.account
  state.csrf_token = answer.csrf_token
  state.second_factor_missing = answer.second_factor_missing
  state.known = true
  state.ended = false
  know_agencies(answer.agencies)
  await fetch_account().catch(() => undefined)
  return answer.account
}

async function log_out(): Promise<void> {
  await ask(api.POST('/account/logout'))
  state.account = null
  act_for(null)
  await fetch_account()
}

set_ground({
  agency: () => state.acting?.id ?? '',
  csrf_token: () => state.csrf_token,
  locale: () => locale.value,
  on_unauthenticated: () => {
    state.ended = state.account !== null
    state.account = null
  },
  renew_token: async () => {
    const before = state.csrf_token
    await fetch_account().catch(() => undefined)
    return state.csrf_token !== before
  },
})

/** Where somebody who has logged in begins. */
function home(): string {
  const role = state.account?.role
  if (!role || role === 'applicant') return '/apply'
  if (role === 'security_administrator') return '/desk/staff'
  if (role === 'rules_editor') return '/desk/rules'
  return role === 'audit_administrator' ? '/desk/audit' : '/desk'
}

export const session = {
  state,
  load,
  load_meta,
  log_in,
  log_out,
  home,
  fetch_account,
  act_for,
  /** Files for clients: as an agency's own account, or for the agency acted for. */
  is_agency: computed(() => state.acting !== null || state.agencies?.own?.state === 'active'),
  /** May change what the agency acted for has; a viewer may not. */
  may_write: computed(() => state.acting?.role !== 'viewer'),
  is_staff: computed(() => state.account !== null && state.account.role !== 'applicant'),
}
