import type { Outcome, ScoredOutcome } from '../../evaluators/outcome.js'
import { type EvaluatorSettings, moduleOf, scoreIdentity, settledOptions } from '../../evaluators/registry.js'
import type { EvaluationTask, Executor } from '../../execution/executor.js'
import type { ReplayedArm, ReplayedRun } from '../../journal/replay.js'
import { replayJournal } from '../../journal/replay-journal.js'
import { journalFile } from '../../journal/run-directory.js'
import { ConfigError } from '../../platform/errors.js'
import { moduleFile } from '../../platform/parts/module-file.js'
import type { SeedPart } from '../../platform/rng.js'
import { fullTrainingTask } from '../../search/finalists.js'
import { dataSeed, trialSeed } from '../../search/trial.js'
import type { TruthOptions } from './ranking.js'
import { truthTask } from './truth-executor.js'
import type { TruthStore } from './truth-store.js'

/** The parts of a configuration that must be equal for two runs to have the same evaluations. */
export interface RunSettings {
  readonly data: unknown
  readonly space: unknown
  readonly training: unknown
  readonly seed: SeedPart
}

/** A run whose evaluations another one may reuse. */
export interface EarlierRun {
  readonly directory: string
  /** Its identity. */
  readonly sessions: ReplayedRun['sessions']
  readonly settings: RunSettings
  /** The evaluators of its arms. */
  readonly evaluators: ReadonlyMap<string, EvaluatorSettings>
  readonly arms: ReplayedRun['arms']
  /** The hashes of its modules. */
  readonly modules: ReplayedRun['modules']
  /** For a ranking: the seeds of its full trainings. */
  readonly truth?: Pick<TruthOptions, 'sharedSeeds'> | undefined
}

/**
 * Reads the journal of a run directory, compressed or not.
 *
 * @throws ConfigError if it holds no run.
 */
export async function replayRun(directory: string): Promise<ReplayedRun> {
  const journal = journalFile(directory)
  const run = journal === null ? null : (await replayJournal(journal)).run
  if (run === null) throw new ConfigError(`rank.from: ${directory} holds no run. Check the path.`)
  return run
}

/** @throws ConfigError if the run evaluated other networks than this one would, or trained them differently. */
export function checkSettings(run: EarlierRun, ours: RunSettings): void {
  const theirs: Readonly<Record<string, unknown>> = { ...run.settings }
  const different = Object.entries(ours).filter(([part, value]) => {
    return JSON.stringify(theirs[part]) !== JSON.stringify(value)
  })
  if (different.length === 0) return
  const parts = different.map(([part]) => part).join(', ')
  throw new ConfigError(
    `rank.from: the networks in ${run.directory} are not those of this ranking: it differs in ${parts}. ` +
      'Make these the same, or leave it out.',
  )
}

/**
 * Adds the networks that a run trained in full and measured on the test images to the store of truths.
 *
 * @returns how many there are.
 */
export function takeOverTruths(run: EarlierRun, store: TruthStore): number {
  const truths = [...run.arms.values()].flatMap((arm) => [...testedNetworks(run, arm), ...truthsOf(run, arm)])
  for (const { task, outcome } of truths) store.keep(task, outcome)
  return truths.length
}

interface MeasuredTruth {
  readonly task: EvaluationTask
  readonly outcome: ScoredOutcome
}

/** The networks that a search or a comparison measured on the test images after its trials. */
function testedNetworks(
  { settings: { seed } }: EarlierRun,
  { finalists, proposals, tests, trials }: ReplayedArm,
): readonly MeasuredTruth[] {
  return [...tests].flatMap(([trial, testAccuracy]) => {
    const outcome = finalists.get(trial) ?? trials.get(trial)?.outcome
    const architecture = proposals.get(trial)
    if (outcome?.kind !== 'scored' || architecture === undefined) return []
    return [{ task: fullTrainingTask(seed, trial, architecture), outcome: { ...outcome, testAccuracy } }]
  })
}

/** The full trainings of a ranking, whose outcomes have their test accuracies. */
function truthsOf({ settings: { seed }, truth }: EarlierRun, { trials }: ReplayedArm): readonly MeasuredTruth[] {
  if (truth === undefined) return []
  return [...trials.values()].flatMap(({ architecture, index, outcome }) => {
    if (outcome.kind !== 'scored' || outcome.testAccuracy === undefined) return []
    return [{ task: truthTask(fullTrainingTask(seed, index, architecture), truth), outcome }]
  })
}

/** An executor that reuses evaluations of earlier runs. */
export interface RememberingExecutor extends Executor {
  /** Number of reused evaluations so far. */
  readonly reused: number
}

/**
 * Reuses the results of earlier runs for the same tasks: same architecture, seeds and evaluator. Costs are those
 * measured then. Rejection does not change trials that it does not stop, so trials of a search with rejection are
 * reused in a ranking without; only rejected ones are run again.
 */
export function rememberingExecutor(executor: Executor, runs: readonly EarlierRun[]): RememberingExecutor {
  const known = new Map(runs.flatMap(evaluationsOf))
  let reused = 0
  return {
    get reused() {
      return reused
    },
    workers: executor.workers,
    async evaluate(task) {
      const key = keyOf(task)
      const outcome = key === null ? undefined : known.get(key)
      if (outcome === undefined) return executor.evaluate(task)
      reused++
      return { outcome }
    },
    test: (task) => executor.test(task),
    openChannel: (numbers, tasks) => executor.openChannel(numbers, tasks),
    close: () => executor.close(),
  }
}

function evaluationsOf({
  arms,
  evaluators,
  modules,
  settings: { seed },
}: EarlierRun): readonly (readonly [string, Outcome])[] {
  return [...arms].flatMap(([name, { calibration, trials }]) => {
    const settings = evaluators.get(name)
    const evaluator =
      settings && isUnchanged(settings, modules) ? settledOptions(settings, calibration?.threshold) : null
    if (evaluator === null) return []
    return [...trials.values()].flatMap(({ architecture, index, outcome }) => {
      if (!isItsOwn(outcome)) return []
      const task = { architecture, evaluator, trialSeed: trialSeed(seed, index), dataSeed: dataSeed(seed) }
      const key = keyOf(task)
      return key === null ? [] : [[key, outcome] as const]
    })
  })
}

/** Whether the file of its module, if it has one, is still the one that the run was made with. */
function isUnchanged(evaluator: EvaluatorSettings, recorded: EarlierRun['modules']): boolean {
  const module = moduleOf(evaluator)
  return module === null || (recorded.has(module) && recorded.get(module) === moduleFile(module)?.sha256)
}

/** Whether the outcome depends only on the task. A failure may have been caused by the machine or other trials. */
function isItsOwn({ kind }: Outcome): boolean {
  return kind === 'scored' || kind === 'below-threshold' || kind === 'diverged'
}

function keyOf({
  architecture,
  dataSeed,
  evaluator,
  trialSeed,
}: Pick<EvaluationTask, 'architecture' | 'dataSeed' | 'evaluator' | 'trialSeed'>): string | null {
  const own = scoreIdentity(evaluator)
  return own && JSON.stringify([architecture, trialSeed, dataSeed, own])
}
