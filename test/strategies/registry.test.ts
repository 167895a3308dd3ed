import { expect, it } from 'vitest'
import { createRng } from '../../src/platform/rng.js'
import { natsTss } from '../../src/spaces/nats-tss/index.js'
import { createStrategy, defaultStrategyOptions, strategyNames } from '../../src/strategies/registry.js'

it('creates every strategy by its name', () => {
  expect(strategyNames).toEqual(['random', 'regularized-evolution', 'local-search', 'tpe', 'enumeration'])
  for (const name of strategyNames) {
    expect(createStrategy(defaultStrategyOptions(name, 'isomorphism'), natsTss, createRng(1)).name).toBe(name)
  }
})

it('hands on the options', () => {
  const history = { proposed: natsTss.distinct('isomorphism'), trials: [], hasProposed: () => false }
  const ask = (duplicates: 'string' | 'isomorphism') =>
    createStrategy({ name: 'random', duplicates }, natsTss, createRng(1)).ask(history, createRng(2))
  expect(ask('isomorphism')).toBeNull()
  expect(ask('string')).not.toBeNull()
})
