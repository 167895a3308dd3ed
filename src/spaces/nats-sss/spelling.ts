import { ArchitectureError } from '../../platform/errors.js'
import type { Choices } from '../product-space.js'

/** The numbers of channels that a layer may have. */
export const widths: readonly number[] = [8, 16, 24, 32, 40, 48, 56, 64]

export const layerCount = 5

const choiceOf: ReadonlyMap<string, number> = new Map(widths.map((width, choice) => [String(width), choice]))

/** NATS-Bench's notation, `8:16:24:64:64`. */
export function formatWidths(choices: Choices): string {
  return choices.map((choice) => widths[choice]).join(':')
}

/**
 * Parses NATS-Bench's notation; surrounding white space is ignored.
 *
 * @throws ArchitectureError that names the wrong part and what is expected.
 */
export function parseWidths(text: string): Choices {
  const parts = text.trim().split(':')
  if (parts.length !== layerCount) throw malformed(text, `expected ${layerCount} numbers, got ${parts.length}`)
  return parts.map((part, i) => {
    const choice = choiceOf.get(part)
    if (choice !== undefined) return choice
    throw malformed(text, `layer ${i + 1} must have one of ${widths.join(', ')} channels, got "${part}"`)
  })
}

function malformed(text: string, fault: string): ArchitectureError {
  return new ArchitectureError(`Not an architecture of nats-sss: "${text}": ${fault}. The form is 8:16:24:64:64.`)
}
