import { api, ask, type Schemas } from '@/shared/api/client'
import type { Content } from '@/shared/form/types'

export type Filing = Schemas['Filing']

export function fetch_filing(id: string): Promise<Filing> {
  return ask(api.GET('/filings/{id}', { params: { path: { id } } }))
}

export const content_of = (filing: Filing) => filing.content as Content
