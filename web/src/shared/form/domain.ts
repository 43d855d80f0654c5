// A first look at domains while one types; the server, which has the public suffix list, the ministry's
// list and IDNA, has the final word. Twin of src/filing/domain_name.cc as far as it goes
// (tests/vectors/domains.json, without the cases marked cpp_only).
import { cleanLine } from './clean'
import { isIpv6, parseIpv4 } from './contact'
import { problem } from './problem'
import type { Problem } from './types'

const SECOND_LEVEL = /^(?:ac|com|edu|gov|mil|net|org)\.cn$/

function plainDots(text: string): string {
  return cleanLine(text)
    .replace(/[。．｡]/gu, '.')
    .replace(/\.$/, '')
    .slice(0, 512)
}

// "https://www.example.cn:8080/a?b" -> "www.example.cn"
function hostOfUrl(url: string): string {
  const afterScheme = url.includes('://') ? url.slice(url.indexOf('://') + 3) : url
  const authority = afterScheme.split(/[/?#]/)[0] as string
  const host = authority.slice(authority.lastIndexOf('@') + 1)
  const port = host.lastIndexOf(':')
  return port >= 0 ? host.slice(0, port) : host
}

const isIp = (text: string) => parseIpv4(text) !== undefined || isIpv6(text)

// The host in lower case, Chinese labels left as they are, or undefined when it is none.
export function parseHost(text: string): string | undefined {
  const host = plainDots(text).toLowerCase()
  const labels = host.split('.')
  if (labels.length < 2 || host.length > 253 || /^\d+$/.test(labels[labels.length - 1] as string))
    return undefined
  const good = labels.every(
    (label) =>
      label.length <= 63 &&
      /^[0-9a-z\u0080-\u{10ffff}](?:[0-9a-z\u0080-\u{10ffff}-]*[0-9a-z\u0080-\u{10ffff}])?$/u.test(
        label,
      ),
  )
  return good ? host : undefined
}

export function checkDomain(text: string): Problem[] {
  const typed = plainDots(text)
  const looksLikeUrl = /[/:@?#]/.test(typed)
  const hostText = looksLikeUrl ? hostOfUrl(typed) : typed
  if (isIp(hostText) || isIp(typed)) return [problem('domain_ip')]
  const host = parseHost(hostText)
  if (!host) return [problem(looksLikeUrl ? 'domain_url' : 'domain_syntax')]
  if (SECOND_LEVEL.test(host)) return [problem('domain_public_suffix', { suffix: host })]
  const labels = host.split('.')
  const depth = SECOND_LEVEL.test(labels.slice(-2).join('.')) ? 3 : 2
  const registrable = labels.slice(-depth).join('.')
  if (looksLikeUrl) return [problem('domain_url_is', { registrable })]
  // Below other suffixes of two labels only the server can tell, so only www is sure to be too much.
  const tooDeep = labels.length > depth && (depth === 3 || labels[0] === 'www')
  return tooDeep ? [problem('domain_subdomain', { registrable })] : []
}

export function checkHomeUrl(url: string, domain: string): Problem | undefined {
  const typed = plainDots(url)
  const lower = typed.toLowerCase()
  const otherScheme = lower.includes('://') && !/^https?:\/\//.test(lower)
  const host = parseHost(hostOfUrl(typed))
  if (otherScheme || !host || typed.includes(' ')) return problem('home_url_syntax')
  const base = parseHost(domain)
  if (!base || host === base || host.endsWith('.' + base)) return undefined
  // Two spellings of a Chinese name are the server's to compare.
  if (host.includes('xn--') !== base.includes('xn--')) return undefined
  return problem('home_url_domain', { domain: base })
}
