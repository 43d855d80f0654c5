import { computed, onMounted, shallowRef } from 'vue'
import { api, ask } from '@/shared/api/client'
import { locale } from '@/shared/i18n'

interface Bureau {
  province: string
  region: Record<string, string>
}

/** The provinces that have a bureau, by their names in the reader's language. */
export function use_provinces() {
  const bureaus = shallowRef<Bureau[]>([])
  onMounted(async () => {
    const got = (await ask(api.GET('/bureaus')).catch(() => ({ bureaus: [] }))) as {
      bureaus: Bureau[]
    }
    bureaus.value = got.bureaus
  })
  const provinces = computed(() =>
    bureaus.value.map((one) => ({
      code: one.province,
      name: one.region[locale.value] ?? one.region['zh-CN'] ?? one.province,
    })),
  )
  const province_name = (code: string) =>
    provinces.value.find((one) => one.code === code)?.name ?? code
  return { provinces, province_name }
}
