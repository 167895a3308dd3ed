import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/load-config.js'
import { addToBudget, describeAddition } from '../../src/runs/added-budget.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const file = path.join(temporaryFolder('budget'), 'job.yaml')
writeFileSync(
  file,
  `data: { name: fashion-mnist }
evaluator: { name: short-training }
budget: { trials: 4, wallClock: 10m, epochs: 30, trainingFlops: 3.5e15, targetAccuracy: 0.9 }
`,
)

describe('adding to a budget', () => {
  const config = loadConfig(file)

  it('raises the limits that are named, and nothing else', () => {
    const raised = addToBudget(config, ['trials=50', 'wallClock=1h30m', 'trainingFlops=1e15', 'trials=6', 'epochs=2.5'])
    expect(raised).toEqual({
      ...config,
      budget: { trials: 60, wallClock: 6000, epochs: 32.5, trainingFlops: 4.5e15, targetAccuracy: 0.9 },
    })
    expect(describeAddition(config, raised)).toBe(
      'budget: trials 4 -> 60, wallClock 600 -> 6000, epochs 30 -> 32.5, trainingFlops 3500000000000000 -> 4500000000000000',
    )
    expect(addToBudget(config, ['wallClock=30']).budget.wallClock).toBe(630)
  })

  it.each([
    ['trials', 'must have the form limit=amount'],
    ['=3', 'must have the form limit=amount'],
    ['trials=1.5', 'must add a whole number of at least 1.'],
    ['trials=-3', 'must add a whole number of at least 1.'],
    ['trial=3', 'is not a limit of a budget. Valid limits: trials, wallClock, computeSeconds, epochs,'],
    ['atLimit=abort', 'is not a limit of a budget.'],
    [
      'computeSeconds=1h',
      'its budget is in trials, wallClock, epochs, trainingFlops, targetAccuracy. Add to one of these.',
    ],
    ['wallClock=soon', 'must add a duration such as 90s, 30m or 1h30m.'],
    ['trainingFlops=much', 'must add a number above 0, such as 3.5e15.'],
    ['trainingFlops=Infinity', 'must add a number above 0, such as 3.5e15.'],
  ])('refuses %s', (text, message) => {
    expect(() => addToBudget(config, [text])).toThrow(`add: ${text}  ${''}`)
    expect(() => addToBudget(config, [text])).toThrow(message)
  })

  it.each([
    [['trials=9007199254740991'], 'budget.trials must be at most 9007199254740991, got 9007199254740996.'],
    [['trials=5e8', 'trials=5e8'], 'budget.trials must be at most 1000000000, got 1000000004.'],
    [['trainingFlops=1.7e308', 'trainingFlops=1.7e308'], 'budget.trainingFlops must be a number, got .inf.'],
    [['epochs=1.7e308', 'epochs=1.7e308'], 'budget.epochs must be a number, got .inf.'],
    [['wallClock=3650d'], 'budget.wallClock must be at most 3650d, got 315360600.'],
  ])('refuses %s, which no configuration could have', (texts, message) => {
    expect(() => addToBudget(config, texts)).toThrow(`add: ${texts.join(', ')}  ${message}`)
  })

  it('refuses more trials than a prefilter leaves', () => {
    const filtered = loadConfig(file, ['prefilter={ pool: 20, keep: 0.5 }', 'budget={ trials: 4 }'])
    expect(addToBudget(filtered, ['trials=6']).budget.trials).toBe(10)
    expect(() => addToBudget(filtered, ['trials=7'])).toThrow('add: trials=7  prefilter.pool must be at least 22')
  })

  it('refuses a target above 1', () => {
    expect(() => addToBudget(config, ['targetAccuracy=0.2'])).toThrow('would exceed 1: the run has 0.9')
  })
})

describe('a budget in a configuration', () => {
  it.each([
    [['evaluator.name=fear'], "FEAR's score is that of a mostly frozen network, not the accuracy after full training"],
    [['evaluator.name=zero-cost'], 'the scores of zero-cost are no accuracies'],
    [['budget.targetAccuracy=90'], 'budget.targetAccuracy must be in (0, 1], got 90. Did you mean 0.9?'],
    [['budget.targetAccuracy=0'], 'budget.targetAccuracy must be in (0, 1], got 0.'],
    [['budget.epochs=0'], 'budget.epochs must be more than 0, got 0.'],
    [['budget.trainingFlops=many'], 'budget.trainingFlops must be a number, got "many".'],
    [['budget.atLimit=stop'], 'budget.atLimit must be one of finish, abort, got "stop".'],
    [['budget={ atLimit: abort }'], 'budget needs at least one of trials, wallClock, computeSeconds, epochs,'],
  ])('is refused with %j', (sets, message) => {
    expect(() => loadConfig(file, sets)).toThrow(message)
  })

  it('may have a target where the arm that spends it trains whole networks', () => {
    const arms = (first: string, second: string) =>
      `arms=[{ name: a, evaluator: { name: ${first} } }, { name: b, evaluator: { name: ${second} } }]`
    expect(loadConfig(file, [arms('full-training', 'fear')]).budget.targetAccuracy).toBe(0.9)
    expect(() => loadConfig(file, [arms('fear', 'full-training')])).toThrow('Here fear comes first')
  })
})
