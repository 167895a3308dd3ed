import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { readJournal } from '../../src/journal/read-journal.js'
import { journalPath } from '../../src/journal/run-directory.js'
import { ConfigError } from '../../src/platform/errors.js'
import type { RankRun } from '../../src/runs/finished-runs.js'
import { rank } from '../../src/runs/rank.js'
import { resume } from '../../src/runs/resume.js'
import type { RunInput } from '../../src/runs/run-options.js'
import type { SearchEvent } from '../../src/studies/index.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const config = {
  data: { name: 'fashion-mnist', train: 100, validation: 60, test: 60, size: 8 },
  space: { channels: 2, cells: 1 },
  training: { epochs: 1, batch: 32 },
  budget: { trials: 3 },
  workers: 1,
  isolation: 'none',
  seed: 3,
  rank: {
    evaluators: [
      { name: 'zero-cost', measure: 'synflow' },
      { name: 'short-training', epochs: 1, batch: 32 },
    ],
    inTraining: { measures: ['synflow'], batch: 16, epochs: [0, 1] },
    bootstrap: 20,
  },
} as const satisfies RunInput

const arms = ['full-training', 'zero-cost', 'short-training', 'measures-in-training']
const folder = temporaryFolder('rank-library')
const at = (name: string): string => path.join(folder, name)

/** A cache for each test, so that none lives on full trainings of another. */
const cacheAt = (name: string): void => void vi.stubEnv('FEAR_NAS_CACHE', at(`cache-${name}`))

let undisturbed: RankRun
const events: SearchEvent[] = []

beforeAll(async () => {
  cacheAt('undisturbed')
  undisturbed = await rank(config, { onEvent: (event) => events.push(event) })
}, 60_000)
afterAll(() => void vi.unstubAllEnvs())

/** A summary without the seconds, which differ from run to run. */
function figuresOf({ summary }: Pick<RankRun, 'summary'>): object {
  return JSON.parse(JSON.stringify(summary), (key, value) => (/seconds$/i.test(key) ? undefined : value))
}

/** Aborts after the first finished trial of an arm. */
function stoppingIn(arm: string): { readonly signal: AbortSignal; readonly onEvent: (event: SearchEvent) => void } {
  const controller = new AbortController()
  const onEvent = (event: SearchEvent): void => {
    if (event.kind === 'trial-finished' && event.arm === arm) controller.abort()
  }
  return { signal: controller.signal, onEvent }
}

async function trialsIn(directory: string): Promise<readonly string[]> {
  const { events } = await readJournal(journalPath(directory))
  return events.flatMap((event) => (event.event === 'trial.finished' ? [`${event.arm} ${event.trial}`] : []))
}

describe('a ranking by a program', () => {
  it('has the same figures in memory and in a directory, where its files are', async () => {
    expect(undisturbed).toMatchObject({ kind: 'rank', directory: null, summary: { stopped: false, reusedTruths: 0 } })
    expect(undisturbed.summary.methods.map(({ name }) => name)).toEqual(arms.slice(0, 3))
    expect(undisturbed.summary.architectures.map(({ scores }) => Object.values(scores).includes(null))).toEqual([
      false,
      false,
      false,
    ])
    expect(events.map((event) => `${event.kind} ${event.arm}`)).toEqual(
      arms.flatMap((arm) => [
        `arm-started ${arm}`,
        ...Array.from({ length: 3 }, () => [`trial-started ${arm}`, `trial-finished ${arm}`]).flat(),
        `arm-finished ${arm}`,
      ]),
    )

    cacheAt('directory')
    const directory = at('run')
    const onDisk = await rank(config, { directory })
    expect(onDisk.directory).toBe(directory)
    expect(figuresOf(onDisk)).toEqual(figuresOf(undisturbed))
    expect(readdirSync(directory).toSorted()).toEqual(['config.yaml', 'journal.jsonl', 'report.html', 'summary.json'])
    expect(JSON.parse(readFileSync(path.join(directory, 'summary.json'), 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(onDisk.summary)),
    )
    expect(await trialsIn(directory)).toEqual(arms.flatMap((arm) => [0, 1, 2].map((trial) => `${arm} ${trial}`)))
  })

  it.each(['full-training', 'short-training', 'measures-in-training'])(
    'that is stopped in %s keeps what is recorded, and goes on to the same summary',
    async (arm) => {
      cacheAt(arm)
      const directory = at(`stopped-${arm}`)
      const stopped = await rank(config, { directory, ...stoppingIn(arm) })
      expect(stopped.summary.stopped).toBe(true)
      const before = arms.slice(0, arms.indexOf(arm)).flatMap((name) => [0, 1, 2].map((trial) => `${name} ${trial}`))
      expect(await trialsIn(directory)).toEqual([...before, `${arm} 0`])

      const again: string[] = []
      const resumed = await resume(directory, {
        onEvent: (event) => {
          if (event.kind === 'trial-started') again.push(`${event.arm} ${event.trial}`)
        },
      })
      if (resumed.kind !== 'rank') expect.fail('it is a ranking')
      expect(again).toHaveLength(3 * arms.length - before.length - 1)
      expect(figuresOf(resumed)).toEqual(figuresOf(undisturbed))
    },
  )

  it('that is stopped before it begins has no architecture', async () => {
    const { summary } = await rank(config, { signal: AbortSignal.abort() })
    expect(summary).toMatchObject({ stopped: true, architectures: [], commonArchitectures: 0, inTraining: null })
  })
})

describe('rank.from with a module', () => {
  const { rank: _, ...settings } = config
  const space = at('space.mjs')
  const engine = at('engine.mjs')
  const sources = { [space]: 'space.mjs', [engine]: 'engine.mjs' }
  const ranked: RunInput['rank'] = {
    evaluators: [{ name: 'short-training', epochs: 1, batch: 32 }],
    bootstrap: 20,
  }
  const own: RunInput = {
    ...settings,
    space: { name: 'module', module: space, settings: { length: 2 }, channels: 2 },
    engine: { name: 'module', module: engine, settings: { engine: 'wasm' } },
    rank: ranked,
  }
  const write = (module: string, end = ''): void => {
    const example = JSON.stringify(path.resolve('examples', sources[module] ?? ''))
    writeFileSync(module, `export { default } from ${example}\n${end}`)
  }
  const taking = (from: string, truth = {}): RunInput => ({ ...own, rank: { ...ranked, from, truth } })

  /** What stops a ranking that takes over a run, before any work. */
  async function refusal(from: string): Promise<string> {
    const refused: unknown = await rank(taking(from), { directory: at('never') }).then(
      () => expect.fail('it is not refused'),
      (reason: unknown) => reason,
    )
    expect(refused).toBeInstanceOf(ConfigError)
    expect(existsSync(at('never'))).toBe(false)
    return String(refused)
  }

  it('reuses what was measured with the same file, and refuses what was measured with another', async () => {
    for (const module of [space, engine]) write(module)
    cacheAt('own')
    const directory = at('own')
    const first = await rank(own, { directory })
    cacheAt('same')
    const same = await rank(taking(directory))
    expect(same.summary).toMatchObject({ reusedTruths: 3, reusedEvaluations: 3 })
    expect(same.summary.architectures).toEqual(first.summary.architectures)
    cacheAt('shared')
    const shared = taking(directory, { sharedSeeds: true })
    expect((await rank(shared)).summary).toMatchObject({ reusedTruths: 0, reusedEvaluations: 3 })

    write(space, '// edited')
    expect(await refusal(directory)).toContain(
      `rank.from: the search space ${space} is not the file that ${directory} was run with (sha256 there: `,
    )
    write(space)
    write(engine, '// edited')
    expect(await refusal(directory)).toContain(
      `rank.from: the engine ${engine} is not the file that ${directory} was run`,
    )
  })
})
