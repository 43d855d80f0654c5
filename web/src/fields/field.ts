// What every field component is given: words, findings and whether it can be changed.
export interface FieldFinding {
  message: string
  /** How to put it right; often with an example. */
  fix?: string
  /** A warning does not stand in the way of submitting. */
  hard: boolean
  source?: string
}

export interface FieldProps {
  /** Unique on the page; findings and links lead to it. */
  id: string
  label: string
  /** The official term, shown small beside the plain word. */
  official?: string
  help?: string
  example?: string
  optional?: boolean
  findings?: FieldFinding[]
  disabled?: boolean
}

export interface Option {
  value: string | number
  label: string
  help?: string
}

/** What a shell is told, out of the props of a field. */
export function shell_of(props: FieldProps): FieldProps {
  const { id, label, official, help, example, optional, findings, disabled } = props
  return { id, label, official, help, example, optional, findings, disabled }
}

/** The id of a field's control from its path: `sites.s1.domain` is `f-sites-s1-domain`. */
export function field_id(path: string): string {
  return 'f-' + path.replace(/[^\w]+/g, '-')
}

export function focus_field(path: string): boolean {
  const id = field_id(path)
  const control = document.getElementById(id)
  if (!control) return false
  control.scrollIntoView({ block: 'center' })
  const inside = control.matches('fieldset, div')
    ? control.querySelector<HTMLElement>('input, select, textarea, button')
    : control
  ;(inside ?? control).focus({ preventScroll: true })
  return true
}
