// What a program read on a picture, brought to the field it was typed in.
import type { Schemas } from '@/shared/api/client'
import { parts_of } from './difference'

type Material = Schemas['Material']
export interface FieldReading {
  material: Material
  verdict: 'same' | 'differs'
  /** Both null while the case is masked. */
  read: string | null
  typed: string | null
  /** The program may have misread it. */
  doubtful: boolean
}

/** By field: those that agree with what was typed and those that do not, differing ones first. */
export function readings_by_field(materials: Material[]): Map<string, FieldReading[]> {
  const found = new Map<string, FieldReading[]>()
  for (const material of materials)
    for (const one of material.inspection?.readings ?? []) {
      if (!one.path || (one.verdict !== 'same' && one.verdict !== 'differs')) continue
      const { verdict, read, typed, doubtful } = one
      const reading = { material, verdict, read, typed, doubtful }
      const all = [...(found.get(one.path) ?? []), reading]
      found.set(
        one.path,
        all.sort((a, b) => Number(a.verdict === 'same') - Number(b.verdict === 'same')),
      )
    }
  return found
}

/** The value that was read, with what differs from the typed one in the middle. */
export function differing(reading: FieldReading): [string, string, string] {
  return parts_of(reading.read ?? '', reading.typed ?? '')
}
