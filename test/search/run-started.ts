import type { RunStarted } from '../../src/journal/journal-event.js'

/** A first line for journals of tests, of which nothing is looked at. */
export const runStarted: RunStarted = {
  event: 'run.started',
  schema: 1,
  date: '2026-01-01T00:00:00.000Z',
  command: 'search',
  config: {},
  seed: 7,
  hardware: { cpu: 'x', physicalCores: 1, logicalCores: 1, memoryBytes: 1, platform: 'x', node: 'x' },
  engine: 'x',
}
