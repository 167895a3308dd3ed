import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/load-config.js'
import { ConfigError } from '../../src/platform/errors.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const file = path.join(temporaryFolder('config'), 'job.yaml')

function load(text: string) {
  writeFileSync(file, `data: { name: fashion-mnist }\nbudget: { trials: 3 }\n${text}`)
  return loadConfig(file)
}

function complaint(text: string): string {
  try {
    load(text)
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    expect((error as ConfigError).exitCode).toBe(2)
    return (error as Error).message.replaceAll(file, 'job.yaml')
  }
  return 'no complaint'
}

const lower = 'lowerFidelities: [{ name: zero-cost }, { name: short-training }]\n'

describe('a search over fidelities', () => {
  it('lists the evaluators below its own, each with its defaults, also of an arm', () => {
    const config = load(`strategy: { name: asha }
${lower}evaluator: { name: full-training }
arms:
  - name: halving
    strategy: { name: successive-halving, initial: 9 }
    lowerFidelities: [{ name: fear, threshold: auto }]
    evaluator: { name: full-training }
  - { name: full, strategy: { name: random }, evaluator: { name: full-training } }
`)
    expect(config.strategy).toEqual({ name: 'asha', duplicates: 'isomorphism', eta: 3 })
    expect(config.lowerFidelities).toMatchObject([{ measure: 'synflow' }, { epochs: 4, scoreEpoch: 'best' }])
    const [halving, full] = config.arms ?? []
    expect(halving?.strategy).toEqual({ name: 'successive-halving', duplicates: 'isomorphism', eta: 3, initial: 9 })
    expect(halving?.lowerFidelities).toMatchObject([{ name: 'fear', threshold: 'auto', ratio: 4 }])
    expect(full?.lowerFidelities).toBeUndefined()
  })

  it("takes the authors' settings of FEAR for any of its fidelities", () => {
    writeFileSync(
      file,
      `data: { name: cifar10, path: x }
budget: { trials: 3 }
strategy: { name: asha }
lowerFidelities: [{ name: fear, preset: paper }]
evaluator: { name: full-training }
`,
    )
    const [fear] = loadConfig(file).lowerFidelities ?? []
    expect(fear).toMatchObject({ name: 'fear', maxEpochs: 200, cost: 'seconds' })
  })

  it.each([
    [
      'strategy: { name: asha }\n',
      'job.yaml:3:19  strategy.name asha needs lowerFidelities: the fidelities below evaluator, cheapest first.',
    ],
    [
      lower,
      'job.yaml:3:1  lowerFidelities is for the strategies successive-halving and asha, and strategy.name is random.',
    ],
    [
      `strategy: { name: local-search }\n${lower}`,
      'job.yaml:4:1  lowerFidelities is for the strategies successive-halving and asha, and strategy.name is local-search.',
    ],
    [
      'strategy: { name: asha }\nlowerFidelities: []\n',
      'job.yaml:4:18  lowerFidelities must be a list of at least one',
    ],
    [
      `strategy: { name: successive-halving, eta: 4, initial: 15 }\n${lower}`,
      'job.yaml:3:56  strategy.initial must be at least 16, or no trial reaches the last fidelity: each of 2 ' +
        'lower ones promotes one in 4. Got 15.',
    ],
    [
      `strategy: { name: asha }\n${lower}evaluator: { name: short-training, epochs: 4 }\n`,
      'job.yaml:4:40  lowerFidelities.1 is the same as a higher fidelity. Leave it out.',
    ],
    [
      'strategy: { name: asha }\nlowerFidelities: [{ name: fear, threshold: auto, maxEpochs: 5 }]\nevaluator: { name: fear, threshold: auto }\n',
      'job.yaml:4:18  lowerFidelities has threshold: auto at more than one fidelity. Set all but one to a number.',
    ],
    [
      `strategy: { name: asha }\nlowerFidelities: [{ name: fear, stage2: { cut: nowhere } }]\n`,
      'job.yaml:4:48  lowerFidelities.0.stage2.cut',
    ],
    ['strategy: { name: asha, eta: 1 }\n', 'job.yaml:3:30  strategy.eta must be'],
    [
      `strategy: { name: asha }\n${lower}arms:\n  - { name: a, evaluator: { name: full-training } }\n  - { name: b, strategy: { name: random }, evaluator: { name: fear } }\n`,
      'job.yaml:6:27  strategy.name asha needs arms.0.lowerFidelities: the fidelities below ' +
        'arms.0.evaluator, cheapest first.',
    ],
  ])('says what is wrong with %j', (text, message) => {
    expect(complaint(text)).toContain(message)
  })
})
