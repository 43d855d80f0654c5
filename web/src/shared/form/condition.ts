// The evaluator of the condition grammar, twin of src/filing/condition.cc: tests/vectors/conditions.json
// is run by both.
import { canonicalNumber, characters, narrowLine } from './clean'
import { ageOn } from './dates'
import { birthDate } from './identity'
import { absolutePath, isAbsent, valuesAt } from './paths'
import type { Comparison, Condition, Content, Json } from './types'

export interface Facts {
  content: Content
  today: string // YYYY-MM-DD in China
  item?: string // "sites.s1" for the website at hand
  known?: Content // what '$' paths lead into
}

const patterns = new Map<string, RegExp>()
function pattern(source: string): RegExp {
  let found = patterns.get(source)
  if (!found) patterns.set(source, (found = new RegExp(source, 'u')))
  return found
}

// Content, or with '$' what is known beside it.
export function valuesOf(path: string, facts: Facts): Json[] {
  if (!path.startsWith('$')) return valuesAt(facts.content, absolutePath(path, facts.item ?? ''))
  return facts.known ? valuesAt(facts.known, absolutePath(path.slice(1), facts.item ?? '')) : []
}

// The values a path leads to; a list counts as its elements.
function scalars(path: string, facts: Facts): Json[] {
  return valuesOf(path, facts)
    .flatMap((value) => (Array.isArray(value) ? value : [value]))
    .filter((value) => !isAbsent(value))
}

const isDate = (value: Json): value is string =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)

function compareDates(
  [path, other]: [string, string],
  facts: Facts,
  wanted: (a: string, b: string) => boolean,
) {
  const limit = other === '$today' ? facts.today : other
  return scalars(path, facts).some((value) => isDate(value) && wanted(value, limit))
}

function compare(value: number, op: Comparison, n: number): boolean {
  if (op === '>=') return value >= n
  if (op === '<=') return value <= n
  if (op === '>') return value > n
  if (op === '<') return value < n
  return value === n
}

const lower = (value: string) => value.replace(/[A-Z]/g, (letter) => letter.toLowerCase())

// Without hyphens, blanks, capitals and the width of brackets: as two phone numbers, or two names,
// are compared.
export const compared = (value: Json) =>
  typeof value === 'string' ? lower(narrowLine(value)).replace(/[- ]/g, '') : JSON.stringify(value)

const holdsWord = (value: Json, word: string) =>
  typeof value === 'string' && lower(value).includes(lower(word))

function ageIs([path, op, n]: [string, Comparison, number], facts: Facts): boolean {
  return scalars(path, facts).some((value) => {
    const birth = typeof value === 'string' ? birthDate(value) : undefined
    return birth !== undefined && birth <= facts.today && compare(ageOn(birth, facts.today), op, n)
  })
}

function liesElsewhere([path, offset, of]: [string, number, string], facts: Facts): boolean {
  const province = scalars(of, facts)[0]
  if (typeof province !== 'string' || province.length !== 6) return false
  return scalars(path, facts).some((value) => {
    const number = typeof value === 'string' ? canonicalNumber(value) : ''
    const region = number.slice(offset, offset + 2)
    return (
      number.length === 18 &&
      /^\d\d$/.test(region) &&
      region !== '10' &&
      region !== province.slice(0, 2)
    )
  })
}

function lengthIs([path, op, n]: [string, Comparison, number], facts: Facts): boolean {
  const found = scalars(path, facts)
  if (found.length === 0) return compare(0, op, n)
  return found.some(
    (value) => typeof value === 'string' && compare(characters(value).length, op, n),
  )
}

/** The words of `contains` that occur, each once: what a message quotes. */
export function wordsFound(condition: Condition | undefined, facts: Facts): string[] {
  if (condition === undefined || typeof condition === 'boolean') return []
  if ('contains' in condition) {
    const values = scalars(condition.contains[0], facts)
    return condition.contains[1]
      .map(lower)
      .filter((word) => values.some((value) => holdsWord(value, word)))
  }
  const parts =
    'all' in condition
      ? condition.all
      : 'any' in condition
        ? condition.any
        : 'not' in condition
          ? [condition.not]
          : []
  return [...new Set(parts.flatMap((part) => wordsFound(part, facts)))]
}

/** The paths it asks, as written. */
export function pathsOf(condition: Condition | undefined): string[] {
  if (condition === undefined || typeof condition === 'boolean' || 'always' in condition) return []
  if ('all' in condition) return condition.all.flatMap(pathsOf)
  if ('any' in condition) return condition.any.flatMap(pathsOf)
  if ('not' in condition) return pathsOf(condition.not)
  if ('present' in condition) return [condition.present]
  if ('absent' in condition) return [condition.absent]
  if ('same' in condition) return condition.same
  if ('distinct' in condition) return condition.distinct[0]
  if ('elsewhere' in condition) return [condition.elsewhere[0], condition.elsewhere[2]]
  return (Object.values(condition) as [string, ...unknown[]][]).map((operands) => operands[0])
}

function counts([path, op, n]: [string, Comparison, number], facts: Facts): boolean {
  const count = valuesOf(path, facts)
    .map((value) => (Array.isArray(value) ? value.length : isAbsent(value) ? 0 : 1))
    .reduce((sum, length) => sum + length, 0)
  return compare(count, op, n)
}

export function holds(condition: Condition | undefined, facts: Facts): boolean {
  if (condition === undefined) return true
  if (typeof condition === 'boolean') return condition
  if ('always' in condition) return true
  if ('eq' in condition) return scalars(condition.eq[0], facts).includes(condition.eq[1])
  if ('ne' in condition) return !scalars(condition.ne[0], facts).includes(condition.ne[1])
  if ('in' in condition)
    return scalars(condition.in[0], facts).some((value) => condition.in[1].includes(value))
  if ('present' in condition) return scalars(condition.present, facts).length > 0
  if ('absent' in condition) return scalars(condition.absent, facts).length === 0
  if ('matches' in condition) {
    const expression = pattern(condition.matches[1])
    return scalars(condition.matches[0], facts).some(
      (value) => typeof value === 'string' && expression.test(value),
    )
  }
  if ('before' in condition) return compareDates(condition.before, facts, (a, b) => a < b)
  if ('after' in condition) return compareDates(condition.after, facts, (a, b) => a > b)
  if ('count' in condition) return counts(condition.count, facts)
  if ('contains' in condition) {
    const [path, words] = condition.contains
    return scalars(path, facts).some((value) => words.some((word) => holdsWord(value, word)))
  }
  if ('length' in condition) return lengthIs(condition.length, facts)
  if ('number' in condition) {
    const [path, op, n] = condition.number
    return scalars(path, facts).some(
      (value) => typeof value === 'number' && Number.isInteger(value) && compare(value, op, n),
    )
  }
  if ('same' in condition) {
    const others = scalars(condition.same[1], facts).map(compared)
    return scalars(condition.same[0], facts).some((value) => others.includes(compared(value)))
  }
  if ('distinct' in condition) {
    const [paths, op, n] = condition.distinct
    const seen = new Set(paths.flatMap((path) => scalars(path, facts)).map(compared))
    return compare(seen.size, op, n)
  }
  if ('age' in condition) return ageIs(condition.age, facts)
  if ('elsewhere' in condition) return liesElsewhere(condition.elsewhere, facts)
  if ('all' in condition) return condition.all.every((part) => holds(part, facts))
  if ('any' in condition) return condition.any.some((part) => holds(part, facts))
  return !holds(condition.not, facts)
}
