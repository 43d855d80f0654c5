// Changes to rules that wait for a second person: one list for the page and for the number beside
// its name.
import { computed, shallowRef } from 'vue'
import { api, ask, type Schemas } from '@/shared/api/client'

type Change = Schemas['RuleChange']
export const waiting = shallowRef<Change[]>([])
/** Those that whoever is logged in may agree to. */
export const for_me = computed(() => waiting.value.filter((one) => one.may_agree).length)

export const sees_changes = (role?: string) =>
  ['senior', 'rules_editor', 'administrator'].includes(role ?? '')

export async function load_waiting(): Promise<void> {
  waiting.value = (await ask(api.GET('/desk/rule_changes'))).changes
}
