// The evaluator of the condition grammar, twin of src/filing/condition.cc: tests/vectors/conditions.json
// is run by both.
import { absolutePath, isAbsent, valuesAt } from './paths'
import type { Condition, Content, Json } from './types'

export interface Facts {
  content: Content
  today: string // YYYY-MM-DD in China
  item?: string // "sites.s1" for the website at hand
}

const patterns = new Map<string, RegExp>()
function pattern(source: string): RegExp {
  let found = patterns.get(source)
  if (!found) patterns.set(source, (found = new RegExp(source, 'u')))
  return found
}

// The values a path leads to; a list counts as its elements.
function scalars(path: string, facts: Facts): Json[] {
  return valuesAt(facts.content, absolutePath(path, facts.item ?? ''))
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

function counts([path, op, n]: [string, string, number], facts: Facts): boolean {
  const count = valuesAt(facts.content, absolutePath(path, facts.item ?? ''))
    .map((value) => (Array.isArray(value) ? value.length : isAbsent(value) ? 0 : 1))
    .reduce((sum, length) => sum + length, 0)
  if (op === '>=') return count >= n
  if (op === '<=') return count <= n
  if (op === '>') return count > n
  if (op === '<') return count < n
  return count === n
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
  if ('all' in condition) return condition.all.every((part) => holds(part, facts))
  if ('any' in condition) return condition.any.some((part) => holds(part, facts))
  return !holds(condition.not, facts)
}
