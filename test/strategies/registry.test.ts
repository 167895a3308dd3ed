import { expect, it } from 'vitest'
import { createRng } from '../../src/platform/rng.js'
import { natsTss } from '../../src/spaces/nats-tss/index.js'
import { createStrategy, defaultStrategyOptions, strategyNames } from '../../src/strategies/registry.js'
import { silentHistory } from './histories.js'

it('creates every strategy by its name', () => {
  expect(strategyNames).toEqual([
    'random',
    'regularized-evolution',
    'local-search',
    'tpe',
    'enumeration',
    'successive-halving',
    'asha',
  ])
  for (const name of strategyNames) {
    expect(createStrategy(defaultStrategyOptions(name, 'isomorphism'), natsTss, createRng(1)).name).toBe(name)
  }
})

it('hands on the options', () => {
  const history = silentHistory(natsTss.distinct('isomorphism') as number)
  const ask = (duplicates: 'string' | 'isomorphism') =>
    createStrategy({ name: 'random', duplicates }, natsTss, createRng(1)).ask(history, createRng(2))
  expect(ask('isomorphism')).toBeNull()
  expect(ask('string')).not.toBeNull()
})
