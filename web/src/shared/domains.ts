// What was found out about a filing's domains, for the applicant's pages and the desk's.
import { onUnmounted, watch } from 'vue'
import { api, ask, type Schemas } from './api/client'
import { listed, show_plain_date } from './format'
import { t } from './i18n'
import { use_load, type Load } from './load'

export type DomainSite = Schemas['DomainFacts']['sites'][number]
export interface FactLine {
  tone: 'done' | 'turn' | 'info'
  text: string
}

const k_look_again_ms = 1500
const k_looks = 20

/** Loads the facts, and looks again for a while as long as answers are awaited. */
export function use_domains(
  id: string,
  desk: boolean,
): Load<Schemas['DomainFacts']> & { ask_again: () => Promise<void> } {
  const params = { params: { path: { id } } }
  const load = use_load(() =>
    ask(
      desk
        ? api.GET('/desk/filings/{id}/domains', params)
        : api.GET('/filings/{id}/domains', params),
    ),
  )
  let looks = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  const waits = (site: DomainSite) =>
    site.registration?.state === 'waiting' || site.website?.state === 'waiting'
  watch(load.data, (facts) => {
    clearTimeout(timer)
    if (!facts?.sites.some(waits)) looks = 0
    else if (looks++ < k_looks) timer = setTimeout(() => void load.reload(), k_look_again_ms)
  })
  onUnmounted(() => clearTimeout(timer))
  async function ask_again() {
    looks = 0
    await ask(
      desk
        ? api.POST('/desk/filings/{id}/domains', params)
        : api.POST('/filings/{id}/domains', params),
    )
    await load.reload()
  }
  return { ...load, ask_again }
}

function registration_lines(site: DomainSite): FactLine[] {
  const told = site.registration
  const lines: FactLine[] = []
  if (site.suffix === 'refused') lines.push({ tone: 'turn', text: t('domains.suffix.refused') })
  if (site.suffix === 'unlisted') lines.push({ tone: 'info', text: t('domains.suffix.unlisted') })
  if (told?.free) return [...lines, { tone: 'turn', text: t('domains.free') }]
  const holder = told?.holder || site.typed_holder
  if (told?.privacy) lines.push({ tone: 'turn', text: t('domains.privacy') })
  else if (holder) {
    const whose = site.holder_is || 'unknown'
    lines.push({
      tone: whose === 'organiser' ? 'done' : whose === 'other' ? 'turn' : 'info',
      text: t('domains.holder', { name: holder, whose: t(`domains.whose.${whose}`) }),
    })
  } else if (told?.state === 'done') lines.push({ tone: 'info', text: t('domains.holder_kept') })
  if (site.until) {
    const until = show_plain_date(site.until)
    lines.push({
      tone: 'info',
      text: t(told?.until ? 'domains.until' : 'domains.until_typed', { until }),
    })
    if (told?.until && site.typed_until && site.typed_until !== told.until)
      lines.push({
        tone: 'turn',
        text: t('domains.until_differs', { typed: show_plain_date(site.typed_until) }),
      })
  }
  if (told?.registrar)
    lines.push({
      tone: told.domestic === false ? 'turn' : 'info',
      text: t(told.domestic === false ? 'domains.registrar_abroad' : 'domains.registrar', {
        name: told.registrar,
      }),
    })
  if (told?.state === 'failed')
    lines.push({
      tone: 'info',
      text: t(told.error === 'no_server' ? 'domains.no_server' : 'domains.no_registration'),
    })
  return lines
}

function website_line(site: DomainSite): FactLine | null {
  const look = site.website
  if (!look?.verdict) return null
  const good = look.verdict === 'closed' || look.verdict === 'number_right'
  return {
    tone: good ? 'done' : 'turn',
    text: t(`domains.website.${look.verdict}`, { numbers: listed(look.filed_as ?? []) }),
  }
}

/** What there is to say about one domain, the weightiest first within each part. */
export function lines_of(site: DomainSite): FactLine[] {
  const website = website_line(site)
  return [...registration_lines(site), ...(website ? [website] : [])]
}
