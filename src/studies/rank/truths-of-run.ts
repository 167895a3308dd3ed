import type { ScoredOutcome } from '../../evaluators/outcome.js'
import { readJournal } from '../../journal/read-journal.js'
import { type ReplayedRun, replay } from '../../journal/replay.js'
import { journalPath } from '../../journal/run-directory.js'
import { ConfigError } from '../../platform/errors.js'
import { fullTrainingTask } from '../../search/finalists.js'
import type { RankingOptions } from './ranking.js'
import type { TruthStore } from './truth-store.js'

/** What must be the same in two runs for their full trainings to be the same: parts of their configurations. */
export interface RunIdentity {
  readonly data: unknown
  readonly space: unknown
  readonly training: unknown
  readonly seed: RankingOptions['seed']
}

/**
 * Takes the networks that a comparison trained in full and measured on the test images into the store of truths.
 *
 * @param directory the comparison's run directory.
 * @returns how many there are.
 * @throws ConfigError if the comparison was of something else, or measured nothing.
 */
export async function takeOverTruths(
  directory: string,
  { engine, ...identity }: RunIdentity & { readonly engine: string },
  store: TruthStore,
): Promise<number> {
  const run = replay((await readEvents(directory)) ?? [])
  if (run === null) throw new ConfigError(`rank.truth.from: ${directory} holds no run. Check the path.`)
  const config = run.started.config as Readonly<Record<string, unknown>>
  const different = Object.entries({ ...identity, engine }).filter(([part, ours]) => {
    const theirs = part === 'engine' ? run.started.engine : config[part]
    return JSON.stringify(theirs) !== JSON.stringify(ours)
  })
  if (different.length > 0) {
    const parts = different.map(([part]) => part).join(', ')
    throw new ConfigError(
      `rank.truth.from: the networks in ${directory} are others than this ranking would train: it differs in ${parts}. ` +
        'Make these the same, or leave rank.truth.from out.',
    )
  }
  const truths = truthsOf(run)
  if (truths.length === 0) {
    throw new ConfigError(
      `rank.truth.from: ${directory} has no fully trained networks that were measured on the test images. ` +
        'Name the directory of a finished "fear-nas compare".',
    )
  }
  for (const { trial, architecture, outcome } of truths) {
    store.keep(fullTrainingTask(identity.seed, trial, architecture), outcome)
  }
  return truths.length
}

async function readEvents(directory: string) {
  try {
    return (await readJournal(journalPath(directory))).events
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

interface MeasuredTruth {
  readonly trial: number
  readonly architecture: string
  readonly outcome: ScoredOutcome
}

function truthsOf({ arms }: ReplayedRun): readonly MeasuredTruth[] {
  return [...arms.values()].flatMap(({ finalists, proposals, tests, trials }) =>
    [...tests].flatMap(([trial, testAccuracy]) => {
      const outcome = finalists.get(trial) ?? trials.get(trial)?.outcome
      const architecture = proposals.get(trial)
      if (outcome?.kind !== 'scored' || architecture === undefined) return []
      return [{ trial, architecture, outcome: { ...outcome, testAccuracy } }]
    }),
  )
}
