import { expect, it } from 'vitest'
import { crowdingWarning } from '../../src/execution/crowding.js'

const cpu = { gpu: false, maxThreads: Infinity }

it('warns of more workers than cores, naming both', () => {
  expect(crowdingWarning(64, cpu, 2)).toBe(
    '64 workers share 2 physical cores: trials take longer, and no more of them finish in an hour than with 2. ' +
      'Set workers to 2, or to auto.',
  )
  expect(crowdingWarning(2, cpu, 1)).toMatch(/^2 workers share 1 physical core: .*Set workers to 1/)
})

it.each([
  ['as many as there are cores', 2, cpu],
  ['auto', 'auto', cpu],
  ['more than the engine lets work', 64, { gpu: false, maxThreads: 2 }],
  ['those of GPUs', 64, { gpu: true, maxThreads: Infinity }],
] as const)('does not warn of %s', (_, workers, engine) => {
  expect(crowdingWarning(workers, engine, 2)).toBeNull()
})
