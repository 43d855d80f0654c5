// Certificate numbers to the digit, twin of src/filing/identity.cc (tests/vectors/identity.json). Each
// check returns nothing for a good number, else one problem without a field.
import { canonicalNumber, characters } from './clean'
import { isDay } from './dates'
import { advice, problem } from './problem'
import type { Dictionary, DictionaryEntry, DivisionTree, Problem } from './types'

type Answer = Problem | undefined

interface Context {
  today: string
  divisions?: DivisionTree | undefined // while it is not there, regions are not checked
  prefixes: string[]
}

const WEIGHTS_17 = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const USCC = '0123456789ABCDEFGHJKLMNPQRTUWXY'

const length = (text: string) => String(characters(text).length)

// ISO 7064 MOD 11-2: the 18th character of GB 11643.
function mod11_2(number: string): string {
  const sum = WEIGHTS_17.reduce((total, weight, i) => total + Number(number[i]) * weight, 0)
  return '10X98765432'[sum % 11] as string
}

function checkBirth(digits: string, today: string): Answer {
  const day = `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6, 8)}`
  if (!isDay(day)) return problem('id_birth_date', { date: digits })
  if (day > today) return problem('id_birth_future', { date: digits })
  return undefined
}

function checkGb11643(number: string, today: string): Answer {
  if (characters(number).length !== 18) return problem('id_length', { length: length(number) })
  for (let i = 0; i < 18; i++) {
    const good = /\d/.test(number[i] as string) || (i === 17 && number[i] === 'X')
    if (!good) return problem('id_characters', { position: String(i + 1) })
  }
  const birth = checkBirth(number.slice(6, 14), today)
  if (birth) return birth
  const correct = mod11_2(number)
  if (number[17] === correct) return undefined
  return problem('id_check_digit', { correct, actual: number[17] as string })
}

const hasProvince = (digits: string, context: Context) =>
  !context.divisions || `${digits}0000` in context.divisions

function checkCitizenId(number: string, context: Context): Answer {
  const region = number.slice(0, 2)
  if (number.length === 18 && /^\d\d$/.test(region) && !hasProvince(region, context)) {
    return problem('id_region', { region })
  }
  return checkGb11643(number, context.today)
}

function checkResidencePermit(number: string, context: Context): Answer {
  if (number.length === 18 && !context.prefixes.some((prefix) => number.startsWith(prefix))) {
    return problem('id_prefix', { prefixes: context.prefixes.join('/') })
  }
  return checkGb11643(number, context.today)
}

function usccCheckCharacter(number: string): string {
  let [sum, weight] = [0, 1]
  for (let i = 0; i < 17; i++) {
    sum += USCC.indexOf(number[i] as string) * weight
    weight = (weight * 3) % 31
  }
  return USCC[(31 - (sum % 31)) % 31] as string
}

function checkUscc(number: string, context: Context): Answer {
  if (number.length !== 18) return problem('uscc_length', { length: length(number) })
  for (let i = 0; i < 18; i++) {
    if (!USCC.includes(number[i] as string))
      return problem('uscc_character', { position: String(i + 1) })
  }
  const correct = usccCheckCharacter(number)
  if (number[17] !== correct)
    return problem('uscc_check_character', { correct, actual: number[17] as string })
  const region = number.slice(2, 4)
  // "10" marks organisations registered with a national authority.
  if (region !== '10' && !hasProvince(region, context))
    return advice('uscc_region', { region: number.slice(2, 8) })
  return undefined
}

// Old business registration number, GB/T 17710 MOD 11,10.
function checkBusinessRegistration(number: string): Answer {
  if (!/^\d{15}$/.test(number)) return problem('business_number_length', { length: length(number) })
  let product = 10
  for (let i = 0; i < 14; i++) {
    const sum = (product + Number(number[i])) % 10
    product = ((sum || 10) * 2) % 11
  }
  const correct = String((11 - product) % 10)
  if (number[14] === correct) return undefined
  return problem('business_number_check', { correct, actual: number[14] as string })
}

function checkOrganisationCode(number: string): Answer {
  const parts = /^([0-9A-Z]{8})-?([0-9X])$/.exec(number)
  if (!parts) return problem('organisation_code_shape')
  const weights = [3, 7, 9, 10, 5, 8, 4, 2]
  const sum = weights.reduce(
    (total, weight, i) => total + parseInt((parts[1] as string)[i] as string, 36) * weight,
    0,
  )
  const check = 11 - (sum % 11)
  const correct = check === 10 ? 'X' : check === 11 ? '0' : String(check)
  if (parts[2] === correct) return undefined
  return problem('organisation_code_check', { correct, actual: parts[2] as string })
}

function checkPermanentResident(number: string, context: Context): Answer {
  if (/^[A-Z]{3}\d{12}$/.test(number)) return undefined
  if (!/^9\d{16}[\dX]$/.test(number)) return problem('permanent_resident_shape')
  const birth = checkBirth(number.slice(6, 14), context.today)
  if (birth) return birth
  const correct = mod11_2(number)
  if (number[17] === correct) return undefined
  return advice('id_check_digit', { correct, actual: number[17] as string })
}

const shape =
  (expression: RegExp, code: string) =>
  (number: string): Answer =>
    expression.test(number) ? undefined : problem(code)

const CHECKS: Record<string, (number: string, context: Context) => Answer> = {
  citizen_id: checkCitizenId,
  residence_permit: checkResidencePermit,
  uscc: checkUscc,
  business_registration: checkBusinessRegistration,
  organisation_code: checkOrganisationCode,
  permanent_resident: checkPermanentResident,
  passport: shape(/^(?=.*\d)[0-9A-Z]{5,17}$/, 'passport_shape'),
  hk_macao_permit: shape(/^[HM](?:\d{8}|\d{10})$/, 'hk_macao_permit_shape'),
  taiwan_permit: shape(/^(?:\d{8}|\d{10}[A-Z]?)$/, 'taiwan_permit_shape'),
  officer_card: shape(/^[\u4e00-\u9fff]{0,4}[0-9A-Z]{4,12}号?$/u, 'officer_card_shape'),
  any: shape(/^[0-9A-Z\u4e00-\u9fff\-/()〔〕[\].·〇]{4,64}$/u, 'certificate_number_shape'),
}

// The length alone tells which of several kinds of number was meant.
function hasShape(rule: string, number: string): boolean {
  if (rule === 'uscc') return /^[0-9A-Z]{17,19}$/.test(number)
  if (rule === 'business_registration') return /^\d{1,16}$/.test(number)
  return true
}

export function checkCertificateNumber(
  types: Dictionary | undefined,
  divisions: DivisionTree | undefined,
  type: number,
  text: string,
  today: string,
): Answer {
  const entry: DictionaryEntry | undefined = types?.entries.find((one) => one.id === type)
  if (!entry) return problem('choice_unknown')
  const number = canonicalNumber(text)
  const rules = entry.number ?? []
  const rule = rules.find((name) => hasShape(name, number)) ?? rules[0] ?? 'any'
  const check = CHECKS[rule] ?? CHECKS.any
  return check?.(number, { today, divisions, prefixes: entry.prefixes ?? [] })
}

// The birth date inside a number of GB 11643, as YYYY-MM-DD.
export function birthDate(text: string): string | undefined {
  const number = canonicalNumber(text)
  if (!/^\d{17}.$/u.test(number)) return undefined
  const day = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`
  return isDay(day) ? day : undefined
}
