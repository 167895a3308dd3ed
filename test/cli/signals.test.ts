import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { readJournal } from '../../src/journal/read-journal.js'
import { replay } from '../../src/journal/replay.js'
import { journalPath } from '../../src/journal/run-directory.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { type CliResult, type Interruption, runCli, trialTable } from './run-cli.js'

const folder = temporaryFolder('signals')
const configFile = path.join(folder, 'tiny.yaml')
const out = (name: string): string => path.join(folder, name)

writeFileSync(
  configFile,
  `data: { name: fashion-mnist, train: 400, validation: 200, test: 300, size: 16 }
space: { channels: 4, cells: 1 }
training: { epochs: 3, batch: 32 }
evaluator: { name: fear, threshold: 0.5, ratio: 2, maxEpochs: 4, stage2: { epochs: 1, batch: 64 } }
budget: { trials: 10 }
finalists: 1
workers: 2
seed: 3
`,
)

const search = (name: string, settings: readonly string[], ...interruptions: Interruption[]): Promise<CliResult> =>
  runCli(
    ['search', configFile, ...settings.flatMap((setting) => ['--set', setting]), '--out', out(name)],
    interruptions,
  )

const fourTrials = 'fear 4/10 trials'
const stopping = 'stopping after the running trials'
/** What everybody who stops a run is told. */
const lastWords = (name: string): RegExp =>
  new RegExp(
    `best so far \\(fear\\): score [\\d.]+ %, trial \\d  \\|\\S+\\|\ncontinue with: fear-nas resume ${out(name)}\n`,
  )

describe('a search', { timeout: 120_000 }, () => {
  let uninterrupted: readonly unknown[]

  beforeAll(async () => {
    expect(await search('whole', [])).toMatchObject({ exitCode: 0 })
    uninterrupted = trialTable(out('whole'))
    expect(uninterrupted).toHaveLength(11)
  }, 120_000)

  const expectResumable = async (name: string): Promise<void> => {
    expect(trialTable(out(name)).length).toBeLessThan(11)
    expect(await runCli(['resume', out(name), '--quiet'])).toMatchObject({ exitCode: 0 })
    expect(trialTable(out(name))).toEqual(uninterrupted)
  }

  it('lets running trials finish after Ctrl-C in its terminal, which its worker processes hear too', async () => {
    const signal = { signal: 'SIGINT', toGroup: true } as const
    const stopped = await search('ctrl-c', ['isolation=process'], { ...signal, when: fourTrials })
    expect(stopped).toMatchObject({ exitCode: 0 })
    expect(stopped.stdout).toContain(stopping)
    expect(stopped.stdout).toMatch(lastWords('ctrl-c'))
    const { events } = await readJournal(journalPath(out('ctrl-c')))
    expect(events.at(-1)).toMatchObject({ event: 'run.finished', stopped: true })
    // No trial was lost: what was started is finished, and nothing failed.
    const count = (kind: string): number => events.filter(({ event }) => event === kind).length
    expect(count('trial.finished')).toBe(count('trial.started'))
    expect(readFileSync(journalPath(out('ctrl-c')), 'utf8')).not.toContain('"failed"')
    await expectResumable('ctrl-c')
  })

  it('ends at once after a second Ctrl-C', async () => {
    const twice = [fourTrials, stopping].map((when) => ({ signal: 'SIGINT', toGroup: true, when }) as const)
    const aborted = await search('twice', [], ...twice)
    expect(aborted).toMatchObject({ exitCode: 130 })
    expect(aborted.stderr).toContain('ended')
    expect(aborted.stderr).toMatch(lastWords('twice'))
    await expectResumable('twice')
  })

  it('takes the end of its terminal for a request to stop', async () => {
    const hangup = { signal: 'SIGHUP', toGroup: true, closingOutput: true, when: fourTrials } as const
    expect(await search('hangup', ['isolation=process'], hangup)).toMatchObject({ exitCode: 0 })
    const { events } = await readJournal(journalPath(out('hangup')))
    expect(events.at(-1)).toMatchObject({ event: 'run.finished', stopped: true })
  })

  it.each([
    ['auto', 1],
    ['auto', 2],
    ['process', 2],
  ] as const)('ends in the middle of a training, isolation: %s, %i workers', async (isolation, workers) => {
    const name = `training-${isolation}-${workers}`
    const settings = [
      `isolation=${isolation}`,
      `workers=${workers}`,
      'evaluator={ name: full-training }',
      'training.epochs=1000000',
    ]
    const begun = `search with full-training, ${workers} worker`
    const aborted = await search(
      name,
      settings,
      { signal: 'SIGTERM', when: begun },
      { signal: 'SIGTERM', when: stopping },
    )
    expect(aborted).toMatchObject({ exitCode: 130 })
    expect(aborted.stderr).toContain(
      `no trial of this session has a score yet\ncontinue with: fear-nas resume ${out(name)}`,
    )
    const [arm] = replay((await readJournal(journalPath(out(name)))).events)?.arms.values() ?? []
    expect([arm?.proposals.size, arm?.trials.size]).toEqual([workers, 0])
  })
})
