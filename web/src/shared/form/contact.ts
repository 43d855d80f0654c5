// Phones, e-mail and addresses, twin of src/filing/contact.cc (tests/vectors/contacts.json). Area codes
// are left to the server.
import { characters } from './clean'
import { advice, problem } from './problem'
import type { Problem } from './types'

type Answer = Problem | undefined

const MOBILE = /^1[3-9]\d{9}$/
const LANDLINE = /^(?:0[12]\d|0[03-9]\d\d)-?\d{7,8}(?:-\d{1,6})?$/
const LABEL = '[0-9A-Za-z](?:[0-9A-Za-z-]*[0-9A-Za-z])?'
const EMAIL = new RegExp(
  `^(?!\\.)(?!.*\\.\\.)[0-9A-Za-z._%+-]{1,64}(?<!\\.)@(?:${LABEL}\\.)+(?!\\d+$)${LABEL}$`,
)

export function checkMobile(text: string): Answer {
  return MOBILE.test(text)
    ? undefined
    : problem('mobile_shape', { length: String(characters(text).length) })
}

export function checkPhone(text: string): Answer {
  if (MOBILE.test(text)) return undefined
  if (!/^[0-9-]+$/.test(text)) return problem('phone_characters')
  const digits = text.replace(/-/g, '')
  if (/^[48]00\d{7}$/.test(digits) && !text.startsWith('-')) {
    return text.length >= 11 ? undefined : problem('phone_service_hyphen')
  }
  if (/^[1-9]\d{6,7}$/.test(text)) return problem('phone_area_missing')
  return LANDLINE.test(text) && text.length >= 11 ? undefined : problem('phone_shape')
}

export function checkEmail(text: string): Answer {
  if (new TextEncoder().encode(text).length > 128) return problem('text_too_long', { max: '128' })
  const top = text.slice(text.lastIndexOf('.') + 1)
  return text.length >= 6 && EMAIL.test(text) && top.length >= 2
    ? undefined
    : problem('email_shape')
}

export function parseIpv4(text: string): number[] | undefined {
  if (!/^(?:(?:0|[1-9]\d{0,2})\.){3}(?:0|[1-9]\d{0,2})$/.test(text)) return undefined
  const parts = text.split('.').map(Number)
  return parts.every((part) => part <= 255) ? parts : undefined
}

export function isIpv6(text: string): boolean {
  if (!text.includes(':') || !/^[0-9A-Fa-f:.]{2,45}$/.test(text)) return false
  const halves = text.split('::')
  if (halves.length > 2) return false
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')))
  const last = groups[groups.length - 1] ?? ''
  const dotted = last.includes('.')
  if (dotted && !parseIpv4(last)) return false
  const plain = dotted ? groups.slice(0, -1) : groups
  const count = plain.length + (dotted ? 2 : 0)
  return (
    plain.every((group) => /^[0-9A-Fa-f]{1,4}$/.test(group)) &&
    (halves.length === 2 ? count < 8 : count === 8)
  )
}

// Networks that nobody outside can reach.
function isUnreachable([a, b]: number[]): boolean {
  const [first, second] = [a ?? 0, b ?? 0]
  return (
    first === 0 ||
    first === 10 ||
    first === 127 ||
    first >= 224 ||
    (first === 100 && second >= 64 && second < 128) ||
    (first === 169 && second === 254) ||
    (first === 172 && second >= 16 && second < 32) ||
    (first === 192 && second === 168)
  )
}

export function checkIp(text: string): Answer {
  const address = parseIpv4(text)
  if (address) return isUnreachable(address) ? problem('ip_private', { ip: text }) : undefined
  return isIpv6(text)
    ? advice('ip_v6', { ip: text })
    : problem('ip_syntax', { ip: text.slice(0, 45) })
}
