// A part of a page that only some of its states show: it comes with its own words when it is needed.
import { defineAsyncComponent, type Component } from 'vue'
import { load_texts } from '@/shared/i18n'
import { piece_is_missing } from '@/shared/missing'

export const with_texts = <T extends Component>(
  areas: string | string[],
  get: () => Promise<T | { default: T }>,
) =>
  defineAsyncComponent(async () => {
    await load_texts(...[areas].flat()).catch((error: unknown) => {
      piece_is_missing()
      throw error
    })
    return get()
  })
