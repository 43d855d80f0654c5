// The checks of this page, as one types: the same rules and the same words as the server's. They come
// after the page itself; until they are there the server's findings do.
import type { ShownProblem } from '@/shared/api/client'
import { checkForm } from '@/shared/form/check'
import { problemsOf, withoutReplaced } from '@/shared/form/judge'
import type { Content, MaterialPlace, Problem, Rule } from '@/shared/form/types'
import type { Locale } from '@/shared/i18n'
import { load_vocabulary } from '@/shared/rules'
import rules_url from '@data/rules/national.json?url'
import type { WizardGround } from './wizard'

type Words = Record<string, { message: string; fix: string }>
const word_files = import.meta.glob<string>(
  '../../../data/texts/*/problems/{base,filing,rules}.json',
  {
    query: '?url',
    import: 'default',
    eager: true,
  },
)

async function fetch_json<T>(url: string): Promise<T> {
  const answer = await fetch(url)
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`)
  return (await answer.json()) as T
}

async function load_words(locale: Locale): Promise<Words> {
  const mine = Object.keys(word_files).filter((path) => path.includes(`/${locale}/`))
  const parts = await Promise.all(mine.map((path) => fetch_json<Words>(word_files[path]!)))
  return Object.assign({}, ...parts) as Words
}

/** `{{name}}` is a blank, as in the server's templates. */
function fill(text: string, params: Record<string, string>): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => params[name] ?? '')
}

/** A parameter "says@en" is "says" for whoever reads English. */
function in_language(params: Record<string, string>, locale: Locale): Record<string, string> {
  const mine: Record<string, string> = {}
  for (const [name, value] of Object.entries(params)) {
    const [bare, of] = name.split('@') as [string, string?]
    if (of === undefined || of === locale) mine[bare] = value
  }
  return mine
}

// What is there of the papers only the server knows.
const k_no_papers: MaterialPlace[] = []

export type LocalCheck = (content: Content, today: string) => ShownProblem[]

/** The check of a form, in the words of this language. */
export async function load_check(ground: WizardGround, locale: Locale): Promise<LocalCheck> {
  const [words, vocabulary, of_bureau] = await Promise.all([
    load_words(locale),
    load_vocabulary().catch(() => undefined),
    // Without them the server's findings, which come with every save, have to do.
    import('./bureau_check').then((part) => part.load_bureau_check(ground)).catch(() => null),
  ])
  const rules = of_bureau?.nation ?? (await fetch_json<{ rules: Rule[] }>(rules_url)).rules
  const { dictionaries, divisions } = ground
  const catalogue = { dictionaries, divisions, rules, ...(vocabulary && { vocabulary }) }
  const shown = (one: Problem): ShownProblem[] => {
    const text = words[one.code]
    if (!text) return []
    const { field, code, rule, hard } = one
    const params = in_language(one.params, locale)
    const source = params.source ?? one.source
    const message = fill(text.message, params)
    return [{ field, code, params, rule, source, hard, message, fix: fill(text.fix, params) }]
  }
  return (content, today) => {
    const outcomes = of_bureau?.outcomes(content, today) ?? []
    const known = of_bureau?.known_of(content)
    const of_form = checkForm(ground.form, catalogue, content, k_no_papers, today, known)
    return [...withoutReplaced(of_form, outcomes), ...problemsOf(outcomes, vocabulary)]
      .filter((one) => !/(^|\.)materials\./.test(one.field))
      .flatMap(shown)
  }
}
