// What people type, cleaned: the same as clean_line in src/base/text.cc (tests/vectors/clean.json).

// Unicode's White_Space, line ends included: a pasted line break is a blank in one line.
const BLANKS = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/gu
// What shows nothing: controls, zero-width marks, soft hyphen, direction overrides.
const INVISIBLE =
  /[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu
const LONE_SURROGATE = /\p{Surrogate}/gu
// ！，：；？: the marks of a Chinese sentence stay as they are after anything Chinese.
// Brackets stay as typed: bureaus compare names with the certificate's, width included.
const FULL_WIDTH = /[\uff02-\uff07\uff0a\uff0b\uff0d-\uff19\uff1c-\uff1e\uff20-\uff5e]/gu
const MARKS_AFTER_ASCII = /(^|[ -~])([\uff01\uff0c\uff1a\uff1b\uff1f]+)/gu
const WIDE_BRACKETS = /[\uff08\uff09]/gu
const fold = (signs: string) =>
  String.fromCharCode(...[...signs].map((sign) => sign.charCodeAt(0) - 0xfee0))

export function cleanLine(text: string): string {
  return text
    .replace(LONE_SURROGATE, '\ufffd')
    .replace(INVISIBLE, '')
    .replace(BLANKS, ' ')
    .replace(FULL_WIDTH, fold)
    .replace(MARKS_AFTER_ASCII, (_, before: string, marks: string) => before + fold(marks))
    .replace(/^ | $/g, '')
}

/** With narrow brackets: for numbers. */
export function narrowLine(text: string): string {
  return cleanLine(text).replace(WIDE_BRACKETS, fold)
}

// Several lines, each cleaned, without blank ones at the ends.
export function cleanLines(text: string): string {
  return text
    .split('\n')
    .map(cleanLine)
    .join('\n')
    .replace(/^\n+|\n+$/g, '')
}

// The spelling in which certificate numbers are stored and compared: capitals, no blanks.
export function canonicalNumber(text: string): string {
  return narrowLine(text)
    .replace(/ /g, '')
    .replace(/[a-z]/g, (letter) => letter.toUpperCase())
}

// The spelling in which phone numbers are stored: no blanks, one sort of hyphen, an area code without
// brackets, a mobile number without hyphens and country code.
export function canonicalPhone(text: string): string {
  const number = narrowLine(text)
    .replace(/ /g, '')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/^\((0\d{2,3})\)-?(?=\d)/, '$1-')
  const mobile = /^(?:\+86|0086|86)?(1[3-9]\d{9})$/.exec(number.replace(/-/g, ''))
  return mobile?.[1] ?? number
}

export function characters(text: string): string[] {
  return [...text]
}
