// Certificate numbers that have the right shape and check digit and belong to nobody.
import { citizenId, creditCode } from './people.ts'

function gb11643(seventeen: string): string {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = [...seventeen].reduce((total, digit, i) => total + Number(digit) * weights[i]!, 0)
  return seventeen + '10X98765432'[sum % 11]
}

function organisationCode(sequence: number): string {
  const eight = `MA${String(sequence).padStart(6, '0')}`
  const weights = [3, 7, 9, 10, 5, 8, 4, 2]
  const value = (c: string) => (/\d/.test(c) ? Number(c) : c.charCodeAt(0) - 55)
  const check = 11 - ([...eight].reduce((total, c, i) => total + value(c) * weights[i]!, 0) % 11)
  return `${eight}-${check === 10 ? 'X' : check === 11 ? '0' : check}`
}

// By the first check that the dictionary names for the certificate (src/filing/identity.h).
export function certificateNumber(rule: string, sequence: number, prefix = ''): string {
  const three = String(sequence % 1000).padStart(3, '0')
  switch (rule) {
    case 'uscc':
    case 'business_registration':
      return creditCode(sequence)
    case 'organisation_code':
      return organisationCode(sequence)
    case 'citizen_id':
      return citizenId(sequence % 1000)
    case 'residence_permit':
      return gb11643(`${prefix}19900307${three}`)
    case 'permanent_resident':
      return gb11643(`91133019900307${three}`)
    case 'hk_macao_permit':
      return `H00000${three}`
    case 'taiwan_permit':
      return `00000${three}`
    case 'passport':
      return `E00000${three}`
    case 'officer_card':
      return `测字第0000${three}号`
    default:
      return `测字〔2026〕第${three}号`
  }
}
