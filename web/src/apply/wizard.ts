// What the wizard knows of one filing while its page is open.
import { computed, reactive, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import { api, ask, type Schemas, type ShownProblem } from '@/shared/api/client'
import { date_of } from '@/shared/format'
import { holds } from '@/shared/form/condition'
import { isAbsent, valueAt } from '@/shared/form/paths'
import type { Content, Dictionaries, DivisionTree, Form, Json } from '@/shared/form/types'
import { locale } from '@/shared/i18n'
import { make_draft, type Draft } from './draft'
import { content_of, fetch_filing, type Filing } from './filing'
import { belongs, is_of_the_whole, merge, worth_saying } from './findings'
import { label_of } from './labels'
import type { LocalCheck } from './local'
import { chapters_of, path_of, shown_groups, type Chapter, type Step } from './steps'
import type { StepMark } from './StepList.vue'

export interface WizardGround {
  filing: Filing
  form: Form
  dictionaries: Dictionaries
  divisions: DivisionTree
}

export interface Wizard {
  ground: WizardGround
  filing: ShallowRef<Filing>
  draft: Draft
  content: ComputedRef<Content>
  today: string
  chapters: ComputedRef<Chapter[]>
  steps: ComputedRef<Step[]>
  problems: ComputedRef<ShownProblem[]>
  /** Problems worth showing at fields now. */
  said: ComputedRef<ShownProblem[]>
  corrections: ComputedRef<Schemas['Correction'][]>
  /** Only some fields are open: the filing was returned. */
  returned: ComputedRef<boolean>
  editable: (path: string) => boolean
  meet: (path: string) => void
  meet_step: (step: Step) => void
  mark: (step: Step) => StepMark
  where: (path: string) => string
  /** The checks of this page; null until they have come. */
  check: ShallowRef<LocalCheck | null>
  refresh: () => Promise<void>
  take: (filing: Filing) => void
}

export function make_wizard(ground: WizardGround): Wizard {
  const filing = shallowRef(ground.filing)
  const { id } = ground.filing
  const today = date_of(Date.now())
  const draft = make_draft(
    id,
    {
      content: content_of(ground.filing),
      version: ground.filing.version,
      problems: ground.filing.problems,
    },
    {
      save: (changes) =>
        ask(api.PATCH('/filings/{id}/content', { params: { path: { id } }, body: { changes } })),
      read: async () => {
        const now = await fetch_filing(id)
        filing.value = now
        return { content: content_of(now), version: now.version, problems: now.problems }
      },
    },
  )

  const content = computed(() => draft.shown.value)
  const chapters = computed(() => chapters_of(ground.form, content.value))
  const steps = computed(() => chapters.value.flatMap((chapter) => chapter.steps))
  const corrections = computed(() => filing.value.corrections.filter((one) => one.open))
  // A draft with a list is one that is only looked at (an agency's member who reads): none is open.
  const returned = computed(
    () => Array.isArray(filing.value.editable_paths) && filing.value.state !== 'draft',
  )

  const check = shallowRef<LocalCheck | null>(null)
  watch(
    locale,
    async (now) => {
      const { load_check } = await import('./local')
      check.value = await load_check(ground, now)
    },
    { immediate: true },
  )
  // Of a returned filing only the open fields can be put right here; the rest has been checked.
  const local = computed(() =>
    (check.value?.(content.value, today) ?? []).filter((one) => editable(one.field)),
  )
  const problems = computed(() =>
    merge({
      server: draft.problems.value.filter((one) => draft.is_saved(one.field)),
      local: local.value,
    }),
  )
  const met = reactive(new Set<string>())
  const said_now = computed(() =>
    problems.value.filter((one) =>
      worth_saying(one, content.value, (path) => [...met].some((at) => belongs(path, at))),
    ),
  )

  function editable(path: string): boolean {
    const open = filing.value.editable_paths
    if (open === 'all') return true
    return Array.isArray(open) && open.some((at) => belongs(path, at))
  }
  function mark(step: Step): StepMark {
    const fields = shown_groups(step, { content: content.value, today }).flatMap(
      (one) => one.fields,
    )
    const facts = { content: content.value, today, item: step.item }
    const paths = fields.map((field) => path_of(field, step))
    const against = problems.value.filter(
      (one) => one.hard && !is_of_the_whole(one) && paths.some((path) => belongs(one.field, path)),
    )
    const corrected = corrections.value.some((one) =>
      paths.some((path) => belongs(one.field, path)),
    )
    if (corrected || against.some((one) => said_now.value.includes(one))) return 'wrong'
    if (returned.value) return 'done'
    const missing = fields.some(
      (field, index) =>
        field.required !== undefined &&
        holds(field.required, facts) &&
        isAbsent(valueAt(content.value, paths[index]!)),
    )
    return against.length > 0 || missing ? 'open' : 'done'
  }

  const where = (path: string) =>
    label_of(ground.form, { ...filing.value, content: content.value }, path)

  function take(now: Filing): void {
    filing.value = now
    draft.adopt(content_of(now), now.version, now.problems)
  }
  async function refresh(): Promise<void> {
    take(await fetch_filing(id))
  }

  return {
    ground,
    filing,
    draft,
    content,
    today,
    chapters,
    steps,
    problems,
    said: said_now,
    corrections,
    returned,
    editable,
    meet: (path) => void met.add(path),
    meet_step: (step) =>
      step.groups.forEach((group) =>
        group.fields.forEach((field) => met.add(path_of(field, step))),
      ),
    mark,
    where,
    check,
    refresh,
    take,
  }
}

/** What choosing a product says about the access fields, where they are still empty. */
export function from_product(
  product: Schemas['Product'],
  wizard: Wizard,
  item: string,
): [string, Json][] {
  const changes: [string, Json][] = []
  const empty = (name: string) => isAbsent(valueAt(wizard.content.value, `${item}.access.${name}`))
  if (product.ips?.length && empty('ips')) changes.push([`${item}.access.ips`, product.ips])
  const location = wizard.ground.dictionaries.server_locations?.entries.find(
    (entry) =>
      entry.label['zh-CN'] === product.region ||
      (entry.province !== undefined && entry.province === product.region),
  )
  if (location && empty('locations')) changes.push([`${item}.access.locations`, [location.id]])
  return changes
}
