import type { Server } from 'node:http'
export interface Told {
  id: string
  event: string
  created_at: number
  filing?: { id: string; kind: string; state: string; previous_state: string; action: string; turn: string; version: number }
}
export function is_genuine(header: string | undefined, body: Buffer, secret: string, now?: number): boolean
export function receiver(secret: string, act: (told: Told) => void | Promise<void>): Server
