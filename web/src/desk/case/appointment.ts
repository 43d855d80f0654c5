/** Offered with one press. */
export const k_working_hours = ['09:30', '11:00', '14:30', '16:30']

/**
 * The moment of a day (YYYY-MM-DD) and an hour (HH:MM) in China, whatever the computer's own clock
 * says; undefined with neither, NaN with only one.
 */
export function appointment_at(day: string, hour: string): number | undefined {
  if (!day && !hour) return undefined
  return Date.parse(`${day}T${hour}:00+08:00`)
}
