// What people type, cleaned: the same as clean_line in src/base/text.cc (tests/vectors/clean.json).

// Unicode's White_Space, line ends included: a pasted line break is a blank in one line.
const BLANKS = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/gu
// What shows nothing: controls, zero-width marks, soft hyphen, direction overrides.
const INVISIBLE =
  /[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu
const LONE_SURROGATE = /\p{Surrogate}/gu
const FULL_WIDTH = /[\uff01-\uff5e]/gu

export function cleanLine(text: string): string {
  return text
    .replace(LONE_SURROGATE, '\ufffd')
    .replace(INVISIBLE, '')
    .replace(BLANKS, ' ')
    .replace(FULL_WIDTH, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/^ | $/g, '')
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
  return cleanLine(text)
    .replace(/ /g, '')
    .replace(/[a-z]/g, (letter) => letter.toUpperCase())
}

export function characters(text: string): string[] {
  return [...text]
}
