import type { Executor } from '../../execution/executor.js'
import { endOf, type ReplayedRun } from '../../journal/replay.js'
import { stopwatch } from '../../platform/clock.js'
import { createRng } from '../../platform/rng.js'
import { runCalibratedSearch } from '../../search/calibrated-search.js'
import { Ledger } from '../../search/ledger.js'
import { TrialTable } from '../../search/trial-table.js'
import type { Architecture } from '../../spaces/search-space.js'
import { createStrategy } from '../../strategies/registry.js'
import type { Strategy } from '../../strategies/strategy.js'
import type { StudyServices } from '../arm-run.js'
import { armSpace } from '../arm-space.js'
import { type EarlierRun, rememberingExecutor } from './earlier-run.js'
import { type MethodRun, type RankingMethod, type RankingOptions, type RankingResult, truthMethod } from './ranking.js'
import { summariseRanking } from './summarise-ranking.js'
import { truthExecutor } from './truth-executor.js'
import type { TruthStore } from './truth-store.js'

/**
 * Scores the same architectures with every method and compares the scores with the truth, the accuracy after full
 * training. One method after the other, full training first, each on all workers.
 *
 * With `earlier` it continues where an earlier session ended. Full trainings of other runs come from `store`,
 * evaluations from `others`. Each method is an arm of the journal.
 */
export async function runRanking(
  options: RankingOptions,
  services: StudyServices,
  store: TruthStore,
  earlier?: ReplayedRun | null,
  others: readonly EarlierRun[] = [],
): Promise<RankingResult> {
  const architectures = drawArchitectures(options, services)
  const truths = truthExecutor(services.executor, options.truth, store)
  const remembering = rememberingExecutor(services.executor, others)
  const runs: MethodRun[] = []
  for (const method of [truthMethod, ...options.methods]) {
    const executor = method === truthMethod ? truths : remembering
    runs.push(await runMethod(method, architectures, { options, services, executor, earlier }))
    if (services.stop?.aborted) break
  }
  return {
    ...summariseRanking(options, runs),
    reusedTruths: truths.reused,
    reusedEvaluations: remembering.reused,
    stopped: services.stop?.aborted ?? false,
  }
}

/** The architectures of a ranking: the proposals of the strategy without any results. */
export function drawArchitectures(
  { architectures, constraints, seed, setup, strategy }: RankingOptions,
  { latency }: Pick<StudyServices, 'latency'>,
): readonly Architecture[] {
  const space = armSpace(setup.space, constraints, latency)
  const proposer = createStrategy(strategy, space, createRng(seed, 'strategy'))
  const table = new TrialTable((architecture) => space.canonical(architecture, strategy.duplicates))
  const drawn: Architecture[] = []
  while (drawn.length < architectures) {
    const next = proposer.ask(table.history(Infinity), createRng(seed, 'strategy', drawn.length))
    // Without results nothing can be promoted.
    if (next === null || typeof next !== 'string') break
    table.propose(next)
    drawn.push(next)
  }
  return drawn
}

/** The setup of a method. */
export interface MethodServices {
  readonly options: RankingOptions
  readonly services: StudyServices
  readonly executor: Executor
  readonly earlier: ReplayedRun | null | undefined
}

/** Scores the architectures with one method, as an arm of the journal. */
export async function runMethod(
  method: RankingMethod,
  architectures: readonly Architecture[],
  { options, services, executor, earlier }: MethodServices,
): Promise<MethodRun> {
  const { name: arm, evaluator } = method
  const { clock, journal, onEvent, stop } = services
  const before = earlier?.arms.get(arm)
  const wallSeconds = stopwatch(clock, before?.wallSeconds)
  const { calibration, table, endedBy } = await runCalibratedSearch(
    {
      arm,
      space: armSpace(options.setup.space, options.constraints, services.latency),
      classes: options.setup.space.macro.classes,
      seed: options.seed,
      strategy: inOrder(options.strategy.name, architectures),
      canonical: (architecture) => architecture,
      evaluator,
      budget: { trials: architectures.length },
      earlier: before,
    },
    { executor, wallSeconds, ledger: new Ledger(), journal, onEvent, stop },
  )
  const trials = table.finished
  const finished = endOf(before, trials.length)
  const end = { arm, trials: trials.length, wallSeconds: finished?.wallSeconds ?? wallSeconds(), endedBy }
  if (!stop?.aborted && finished === null) await journal?.append({ event: 'arm.finished', ...end, best: null })
  onEvent?.({ kind: 'arm-finished', ...end })
  return { ...method, calibration, trials, wallSeconds: end.wallSeconds }
}

/** A strategy that proposes a fixed list, so that every method gets the same architectures. */
function inOrder(name: string, architectures: readonly Architecture[]): Strategy {
  return { name, looksAtResults: false, ask: ({ proposed }) => architectures[proposed] ?? null }
}
