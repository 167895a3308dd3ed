import { describe, expect, it } from 'vitest'
import { libraryFor } from '../../../src/engines/tfjs/gpu-library.js'
import type { NvidiaCard } from '../../../src/platform/nvidia.js'

const card = (name: string, computeCapability: number | null, driver: string | null): NvidiaCard => ({
  name,
  driver,
  cuda: '12.4',
  computeCapability,
  memoryMiB: 40_000,
})

describe('the library for a card', () => {
  it.each([
    ['Tesla P100', 6, '470.82.01', 'package'],
    ['A100', 8, '525.60.13', 'package'],
    ['RTX 4090, whose code is that of 8.6', 8.9, '535.54.03', 'package'],
    ['H100', 9, '535.54.03', 'wheel'],
    ['B200', 10, '570.86.10', 'wheel'],
    ['RTX 5090', 12, '570.86.16', 'wheel'],
    ['H100 with the oldest driver', 9, '525.60.13', 'wheel'],
    ['H100 with an older driver', 9, '525.60.11', 'none'],
    ['H100 with a driver of CUDA 11', 9, '520.61.05', 'none'],
    ['A100 with a driver of CUDA 10', 8, '440.100', 'none'],
    ['a card of which the driver says nothing', null, null, 'package'],
  ] as const)('%s: %s', (name, capability, driver, library) => {
    expect(libraryFor(card(name, capability, driver)).library).toBe(library)
  })

  it('is given with the reason, and what to do about an old driver', () => {
    expect(libraryFor(card('H100', 9, '520.61.05')).reason).toBe(
      'The card needs CUDA 12, and its driver 520.61.05 is older than 525.60.13. Install a newer driver.',
    )
  })
})
