import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { ConfigError, DataError, FearNasError, RunDirectoryError } from '../../src/platform/errors.js'
import { type SimulationInput, type SimulationRun, simulate } from '../../src/runs/simulate.js'
import { natsTss } from '../../src/spaces/nats-tss/index.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const folder = temporaryFolder('simulate-library')
const at = (name: string): string => path.join(folder, name)

/** Ten architectures, of which the cheap column ranks the best one last. */
const table = at('table.csv')
writeFileSync(
  table,
  `arch,cheap,test\n${Array.from({ length: 10 }, (_, i) => `${natsTss.at(1000 + i)},${90 - i},${50 + i}`).join('\n')}\n`,
)
const config = {
  table,
  partial: true,
  select: { cheap: 10 },
  report: 'test',
  strategies: ['random', 'regularized-evolution'],
  searches: 40,
  trials: 4,
  seed: 3,
} as const satisfies SimulationInput

function figuresOf({ curves, summary: { wallSeconds: _, ...summary } }: SimulationRun): object {
  return JSON.parse(JSON.stringify({ summary, curves }))
}

const mine = new Error('mine')

async function refusal(input: unknown, options?: unknown): Promise<unknown> {
  return (simulate as (...given: readonly unknown[]) => Promise<unknown>)(input, options).then(
    () => expect.fail('it is not refused'),
    (reason: unknown) => reason,
  )
}

describe('a simulation by a program', () => {
  it('has the same figures in memory and in a directory, where its files are', async () => {
    const inMemory = await simulate(config)
    expect(inMemory.summary).toMatchObject({
      schema: 1,
      command: 'fear-nas simulate',
      config: { searches: 40, workers: 1, duplicates: 'isomorphism' },
      reportUnit: 'percent',
      best: { architecture: natsTss.at(1009), accuracy: 0.59 },
    })
    // Random search of all ten by the cheap column would always find the worst; by the report column, the best.
    const all: SimulationInput = { ...config, strategies: ['random'], duplicates: 'string', trials: 10 }
    expect((await simulate(all)).summary.arms).toMatchObject([
      { select: 'cheap', accuracy: { mean: 0.5 }, foundBest: 0, seconds: { mean: 100 } },
      { select: 'test', accuracy: { mean: 0.59 }, foundBest: 1, seconds: null },
    ])

    const directory = at('run')
    const progress: number[] = []
    const onDisk = await simulate(config, { directory, onProgress: (fraction) => progress.push(fraction) })
    expect(figuresOf(onDisk)).toEqual(figuresOf(inMemory))
    expect(progress).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((twenty) => twenty / 8))
    expect(readdirSync(directory).toSorted()).toEqual(['config.yaml', 'curves.json', 'summary.json'])
    const written = (name: string): string => readFileSync(path.join(directory, name), 'utf8')
    expect(JSON.parse(written('summary.json'))).toEqual(JSON.parse(JSON.stringify(onDisk.summary)))
    expect(JSON.parse(written('curves.json'))).toEqual({ schema: 1, curves: JSON.parse(JSON.stringify(onDisk.curves)) })
    expect(figuresOf(await simulate(parse(written('config.yaml'))))).toEqual(figuresOf(inMemory))

    expect(await refusal(config, { directory })).toBeInstanceOf(RunDirectoryError)
    expect(JSON.parse(written('summary.json'))).toEqual(JSON.parse(JSON.stringify(onDisk.summary)))
  })

  it('is another one with another seed, and the same on several workers but for the seconds', async () => {
    const first = await simulate(config)
    const accuracies = ({ summary }: SimulationRun): readonly unknown[] => summary.arms.map(({ accuracy }) => accuracy)
    expect(accuracies(await simulate({ ...config, seed: 4 }))).not.toEqual(accuracies(first))
    const two = await simulate({ ...config, workers: 2 })
    expect(accuracies(two)).toEqual(accuracies(first))
    // Four evaluations of 10 seconds.
    expect([first, two].map(({ summary }) => summary.arms[0]?.seconds?.mean)).toEqual([40, 20])
  })

  it.each(['before it begins', 'while it runs'])('ends where it is stopped %s, and writes nothing', async (when) => {
    const directory = at('stopped')
    const controller = new AbortController()
    if (when === 'before it begins') controller.abort()
    const reached: number[] = []
    const onProgress = (fraction: number): void => {
      reached.push(fraction)
      if (fraction >= 0.25) controller.abort()
    }
    const error = await refusal(config, { directory, onProgress, signal: controller.signal })
    expect(error).toBeInstanceOf(FearNasError)
    expect(error).toMatchObject({
      exitCode: 1,
      message: 'The simulation was stopped before its end. Run it again.',
    })
    expect(reached).toEqual(when === 'before it begins' ? [0] : [0, 0.125, 0.25])
    expect(existsSync(directory)).toBe(false)
  })

  it.each([
    [
      'throws',
      () => {
        throw mine
      },
    ],
    ['rejects', () => Promise.reject(mine)],
  ])('ends with the error of a listener that %s, and writes nothing', async (_, onProgress) => {
    const directory = at('failed')
    let calls = 0
    const counted = (): unknown => {
      calls++
      return onProgress()
    }
    expect(await refusal(config, { directory, onProgress: counted })).toBe(mine)
    expect(calls).toBe(1)
    expect(existsSync(directory)).toBe(false)
  })

  it('waits for its listeners, and ends with the error of one that throws when the files are written', async () => {
    const directory = at('late')
    const onProgress = async (): Promise<void> => {
      while (!existsSync(path.join(directory, 'summary.json'))) await new Promise((resolve) => setImmediate(resolve))
      throw mine
    }
    expect(await refusal(config, { directory, onProgress })).toBe(mine)
    expect(readdirSync(directory)).toHaveLength(3)
  })
})

describe('wrong arguments of simulate', () => {
  it.each([
    [{ onEvent: () => {} }, 'onEvent is not an option.'],
    [{ onProgress: 'x' }, 'The option onProgress must be a function, got "x".'],
    [{ signal: {} }, 'The option signal must be an AbortSignal, got {}.'],
  ])('are refused: the options %j', async (options, message) => {
    const error = await refusal(config, options)
    expect(error).toBeInstanceOf(ConfigError)
    expect(String(error)).toContain(message)
  })

  it.each([
    [ConfigError, { ...config, trails: 3 }, 'trails is not a setting. Did you mean trials?'],
    [ConfigError, { ...config, strategies: ['randm'] }, 'strategies.0 must be one of'],
    [ConfigError, { ...config, report: undefined }, 'report is required'],
    [ConfigError, { ...config, searches: 0 }, 'searches must be'],
    [ConfigError, { ...config, trials: 11 }, 'too few for searches of 11 trials'],
    [ConfigError, { ...config, strategies: ['asha'] }, 'asha needs at least two fidelities'],
    [
      ConfigError,
      { ...config, strategies: ['./absent.mjs'] },
      'strategies.0 ./absent.mjs cannot be loaded as a strategy',
    ],
    [DataError, { ...config, report: 'tset' }, `${table} has no column "tset". It has: cheap, test.`],
    [DataError, { ...config, select: { chaep: 1 } }, `${table} has no column "chaep". Did you mean cheap?`],
    [DataError, { ...config, partial: false }, 'search only its architectures with partial: true.'],
    [DataError, { ...config, table: at('absent.csv') }, `${at('absent.csv')} does not exist. Name a CSV file`],
  ])('are refused before any search, and nothing is written %#', async (kind, input, message) => {
    const directory = at('never')
    const onProgress = (): void => expect.fail('a search has begun')
    const error = await refusal(input, { directory, onProgress })
    expect(error).toBeInstanceOf(kind)
    expect(error).toMatchObject({ exitCode: 2 })
    expect(String(error)).toContain(message)
    expect(existsSync(directory)).toBe(false)
  })
})
