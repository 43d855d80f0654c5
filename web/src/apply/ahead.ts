// What the wizard's later steps need, fetched while somebody fills in the first one: the network may
// be away when they are reached.
import { load_texts } from '@/shared/i18n'

const k_ahead = [
  ...Object.values(import.meta.glob(['../fields/*Field.vue', '!../fields/AnyField.vue'])),
  () => import('@/shared/ui/ErrorSummary.vue'),
  () => import('./ConflictChoice.vue'),
  () => import('./NameProposals.vue'),
  () => import('./ReportStep.vue'),
  () => import('./MaterialsPage.vue'),
  () => load_texts('rules', 'materials', 'inspection'),
]

export function fetch_ahead(): void {
  for (const piece of k_ahead) void piece().catch(() => undefined)
}
