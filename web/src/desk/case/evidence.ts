// Which pictures are in view: the one that proves the field at hand, and in photo review the
// photograph beside the certificate it is compared with.
import { computed, ref, watch, type Ref } from 'vue'
import type { Schemas } from '@/shared/api/client'
import { material_path, type CaseSection } from './form_document'

type Material = Schemas['Material']

export function use_evidence(sections: Ref<CaseSection[]>, state_name: () => string | undefined) {
  const shown = ref<string | null>(null)
  const beside = ref<string | null>(null)
  const materials = computed(() => sections.value.flatMap((section) => section.materials))
  const photos = computed(() =>
    materials.value.filter((one) => one.purpose === 'verification_photo'),
  )
  const reviews_photo = computed(() => state_name() === 'photo_review' && photos.value.length > 0)

  /** The certificate whose portrait a photograph is compared with: of the manager, else the principal. */
  function portrait_of(photo: Material): Material | undefined {
    const of_manager = materials.value.find(
      (one) => one.purpose === 'manager_certificate_front' && one.site === photo.site,
    )
    const of_principal = materials.value.find(
      (one) => one.purpose === 'principal_certificate_front',
    )
    return (photo.site ? of_manager : undefined) ?? of_principal
  }
  function show_photo(photo: Material) {
    shown.value = photo.id
    beside.value = portrait_of(photo)?.id ?? null
  }
  watch(
    () => materials.value.map((one) => one.id).join(),
    () => {
      const is_there = (id: string | null) => materials.value.some((one) => one.id === id)
      if (!is_there(beside.value)) beside.value = null
      if (is_there(shown.value)) return
      if (reviews_photo.value) show_photo(photos.value[0]!)
      else shown.value = materials.value[0]?.id ?? null
    },
  )
  /** Brings up the picture that proves a field (or is named): its own, or the first of its section. */
  function look(path_or_id: string, section: CaseSection) {
    const own = section.materials.find(
      (one) => one.id === path_or_id || material_path(one) === path_or_id,
    )
    const back = /certificate_(until|from)$/.test(path_or_id)
      ? section.materials.find((one) => one.purpose.endsWith('_back'))
      : undefined
    const found = own ?? back ?? section.materials[0]
    if (found) shown.value = found.id
  }
  return { shown, beside, materials, photos, reviews_photo, show_photo, look }
}
