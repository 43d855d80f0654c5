// The bureau's settings as src/sandbox/settings.h has them, in the order and kinds they are shown.
export type Kind = 'switch' | 'number' | 'times' | 'text' | readonly string[]
export interface Group {
  id: string
  settings: [name: string, kind: Kind][]
}

const groups: Group[] = [
  {
    id: 'automatic',
    settings: [
      ['automatic', ['off', 'pass', 'return']],
      ['automatic_delay_ms', 'number'],
      ['automatic_opinion', 'text'],
    ],
  },
  {
    id: 'faults',
    settings: [
      ['drop_after_store', 'times'],
      ['drop_before', 'times'],
      ['garbage', 'times'],
      ['wrong_hash', 'times'],
      ['forgets_ack', 'times'],
      ['doubles_files', 'switch'],
      ['clock_offset_minutes', 'number'],
      ['slow_ms', 'number'],
      ['uploads_closed', 'switch'],
      ['upload_maintenance', 'switch'],
      ['download_maintenance', 'switch'],
    ],
  },
  {
    id: 'rules',
    settings: [
      ['sms_check', 'switch'],
      ['sms_hours', 'number'],
      ['sms_tries', 'number'],
      ['filing_passwords', 'switch'],
      ['password_tries', 'number'],
      ['repeated_sequence', ['refuse', 'accept']],
      ['queue_limit', 'number'],
      ['change_limit', 'number'],
      ['upload_hours', 'text'],
      ['check_site_names', 'switch'],
      ['check_ip_library', 'switch'],
    ],
  },
  {
    id: 'manner',
    settings: [
      ['result_form', ['both', 'codes', 'decision']],
      ['publication_first', 'switch'],
      ['answers_zero', 'switch'],
      ['publishes_upper_id', 'switch'],
      ['encrypts_downloads', 'switch'],
      ['wraps_base64', 'switch'],
    ],
  },
]

/** As two columns of the page, the first for what is changed most. */
export const columns: Group[][] = [
  groups.filter(({ id }) => id === 'automatic' || id === 'rules'),
  groups.filter(({ id }) => id === 'faults' || id === 'manner'),
]
