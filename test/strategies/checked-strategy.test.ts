import { describe, expect, it } from 'vitest'
import { ConfigError, FearNasError } from '../../src/platform/errors.js'
import { PartValue } from '../../src/platform/parts/part-value.js'
import { createRng } from '../../src/platform/rng.js'
import { natsTss } from '../../src/spaces/nats-tss/index.js'
import { createStrategy } from '../../src/strategies/registry.js'
import type { SearchHistory, Strategy, StrategyFactory } from '../../src/strategies/strategy.js'

const first = natsTss.at(0)
const history: SearchHistory = {
  proposed: 3,
  trials: [],
  hasProposed: (form) => form === natsTss.canonical(first, 'isomorphism'),
  fidelities: 1,
  promotions: new Map(),
}

/** What a strategy of a program proposes that answers so. */
function ask(answer: () => unknown) {
  const factory: StrategyFactory = () => ({ name: 'mine', ask: answer as Strategy['ask'] })
  const options = {
    name: 'value',
    value: new PartValue('mine', factory),
    settings: {},
    duplicates: 'isomorphism',
  } as const
  return () => createStrategy(options, natsTss, createRng(1)).ask(history, createRng(2))
}

describe('a strategy from outside', () => {
  it.each([
    [() => undefined, 'proposed undefined for trial 3: ask must return'],
    [() => 5, 'proposed 5 for trial 3'],
    [() => ({}), 'proposed {} for trial 3'],
    [() => ({ promote: '0' }), 'proposed {"promote":"0"} for trial 3'],
    [() => Promise.reject(new Error('late')), 'proposed a promise for trial 3'],
    [
      () => {
        throw new TypeError('no trials.')
      },
      'failed at trial 3: no trials. Correct the strategy',
    ],
    [() => first, 'for trial 3, which was proposed before (duplicates: isomorphism)'],
    [() => 'nonsense', 'made an invalid proposal for trial 3'],
  ])('ends the search with an error that says what it did %#', (answer, message) => {
    expect(ask(answer)).toThrow(`The strategy mine ${message.startsWith('for') ? `proposed ${first} ` : ''}${message}`)
    expect(ask(answer)).toThrow(FearNasError)
  })

  it('proposes architectures, promotions and nothing', () => {
    const last = natsTss.at(natsTss.size - 1)
    expect(ask(() => last)()).toBe(last)
    expect(ask(() => ({ promote: 0 }))()).toEqual({ promote: 0 })
    expect(ask(() => null)()).toBeNull()
  })

  it('may say that the configuration is wrong', () => {
    const wrong = () => {
      throw new ConfigError('explore must be below 1')
    }
    expect(ask(wrong)).toThrow(ConfigError)
  })
})
