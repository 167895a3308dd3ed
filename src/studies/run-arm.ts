import type { Evaluation } from '../evaluators/evaluator.js'
import { traitsOf } from '../evaluators/registry.js'
import { endOf } from '../journal/replay.js'
import { stopwatch } from '../platform/clock.js'
import { createRng } from '../platform/rng.js'
import { BestNetworkKeeper } from '../search/best-network.js'
import { type CalibratedSearchResult, runCalibratedSearch } from '../search/calibrated-search.js'
import type { SearchServices } from '../search/driver.js'
import { fidelitiesOf, ofLastFidelity } from '../search/fidelities.js'
import { chooseFinalists, type Finalist, trainFinalists } from '../search/finalists.js'
import { Ledger } from '../search/ledger.js'
import { type Prefiltered, prefilter } from '../search/prefilter.js'
import { stoppedSearch } from '../search/stopped-search.js'
import type { FinishedTrial } from '../search/trial.js'
import { listedSpace } from '../spaces/listed-space.js'
import type { SearchSpace } from '../spaces/search-space.js'
import { fidelityOf } from '../strategies/lineage.js'
import { createStrategy } from '../strategies/registry.js'
import { withinSpace } from '../strategies/within-space.js'
import type { ArmRun, ArmRunOptions, StudyServices } from './arm-run.js'
import { measureLatency } from './measure-latency.js'
import { measureNetworks } from './measure-networks.js'
import { measureWinner } from './measure-winner.js'
import { inMemoryNetworks, type NetworkStore } from './network-store.js'
import { summariseArm } from './summarise-arm.js'

/**
 * Runs one arm from the first proposal to the test accuracy of its final network: search, full training of the
 * finalists (if the evaluator does not train in full itself), choice by validation accuracy, and the test measurement,
 * which is not charged to the arm.
 */
export async function runArm(options: ArmRunOptions, services: StudyServices): Promise<ArmRun> {
  const { arm, budget, earlier, macro, space } = options
  const { clock, journal, onEvent, stop } = services
  const elapsedSeconds = stopwatch(clock, earlier?.wallSeconds)
  const finalistsBefore = (earlier?.wallSeconds ?? 0) - (earlier?.searchSeconds ?? 0)
  const keeper = new BestNetworkKeeper((best) => services.onBest?.(arm.name, best))
  const searchServices: SearchServices = {
    executor: services.executor,
    wallSeconds: elapsedSeconds,
    searchSeconds: () => elapsedSeconds() - finalistsBefore,
    ledger: new Ledger(),
    journal,
    onEvent,
    stop,
  }
  const networks = services.networks ?? inMemoryNetworks()
  const { search, finalists } = traitsOf(arm.evaluator).trainsInFull
    ? await searchByFullTraining(options, searchServices, keeper, networks)
    : await searchThenTrainFinalists(options, searchServices, keeper)
  const { calibration, endedBy, prefiltered, spent, table } = search
  const trials = table.finished
  const finished = endOf(earlier, trials.length)
  const wallSeconds = finished?.wallSeconds ?? searchServices.wallSeconds()
  const testAccuracies = options.measuresAll
    ? await measureNetworks(
        { ...options, earlier: earlier && { ...earlier, finished } },
        { ...services, networks },
        trials,
      )
    : new Map<number, number>()
  const stopped = stop?.aborted ?? false
  const winner =
    stopped || keeper.best === null ? null : await measureWinner(options, services, keeper.best, testAccuracies)
  // It was trained again: an earlier session may have written another network since.
  if (winner?.weights != null && keeper.best?.weights === null) services.onBest?.(arm.name, winner)

  const latency =
    stopped || keeper.best === null
      ? null
      : await measureLatency(arm.name, keeper.best, { ...services, earlier, finished })

  const end = { arm: arm.name, trials: trials.length, wallSeconds, endedBy }
  if (!stopped && finished === null) {
    const best = winner && { trial: winner.trial, testAccuracy: winner.testAccuracy }
    await journal?.append({ event: 'arm.finished', ...end, best })
  }
  onEvent?.({ kind: 'arm-finished', ...end })
  return {
    result: summariseArm({
      arm,
      space,
      macro,
      budget,
      prefilter: prefiltered,
      spent,
      calibration,
      trials,
      finalists,
      wallSeconds,
      endedBy,
      stopped,
      ledger: searchServices.ledger,
      best: keeper.best,
      testAccuracy: winner?.testAccuracy ?? null,
      latency,
      secondsOf: (arm.constraints?.latency && services.latency?.seconds) ?? null,
    }),
    trials,
    testAccuracies,
    weights: winner?.weights ?? keeper.best?.weights ?? null,
  }
}

interface ArmSearch extends CalibratedSearchResult {
  /** The result of the prefilter; null if there is none. */
  readonly prefiltered: Prefiltered | null
}

interface SearchAndFinalists {
  readonly search: ArmSearch
  readonly finalists: readonly Finalist[]
}

/** With full training every trial is a candidate for the best network. */
async function searchByFullTraining(
  options: ArmRunOptions,
  services: SearchServices,
  keeper: BestNetworkKeeper,
  networks: NetworkStore,
): Promise<SearchAndFinalists> {
  const { length: fidelities } = fidelitiesOf(options.arm)
  for (const trial of ofLastFidelity(options.earlier?.trials.values() ?? [], fidelities)) keeper.offer(trial, trial)
  const onEvaluation: SearchServices['onEvaluation'] = (trial, evaluation) => {
    if (fidelityOf(trial) < fidelities - 1) return
    keeper.offer(trial, evaluation)
    if (options.measuresAll) storeNetwork(networks, options.arm.name, trial, evaluation)
  }
  return { search: await search(options, { ...services, onEvaluation }), finalists: [] }
}

function storeNetwork(networks: NetworkStore, arm: string, trial: FinishedTrial, { weights }: Evaluation): void {
  const { index, architecture, outcome } = trial
  if (outcome.kind !== 'scored' || outcome.validationAccuracy === null || weights === undefined) return
  networks.put(arm, { trial: index, architecture, validationAccuracy: outcome.validationAccuracy, weights })
}

/** Scores are not accuracies: only the finalists, trained in full, are candidates. */
async function searchThenTrainFinalists(
  options: ArmRunOptions,
  services: SearchServices,
  keeper: BestNetworkKeeper,
): Promise<SearchAndFinalists> {
  const { arm, earlier, seed } = options
  const result = await search(options, services)
  const chosen = result.endedBy === 'stopped' ? [] : chooseFinalists(result.table.finished, arm.finalists)
  // Before any training: the file of the best network is from an earlier session, until a better one is found.
  for (const trial of chosen) {
    const outcome = earlier?.finalists.get(trial.index)
    if (outcome !== undefined) keeper.offer(trial, { outcome })
  }
  const finalists = await trainFinalists(
    { arm: arm.name, seed, chosen, earlier: earlier?.finalists },
    { ...services, onEvaluation: (trial, evaluation) => keeper.offer(trial, evaluation) },
  )
  return { search: result, finalists }
}

/** The search of the space, or of what a prefilter keeps of it. */
async function search(options: ArmRunOptions, services: SearchServices): Promise<ArmSearch> {
  const { arm, earlier, seed, space } = options
  if (arm.prefilter == null) return { prefiltered: null, ...(await searchIn(space, options, services)) }
  const { duplicates } = arm.strategy
  const job = { arm: arm.name, seed, space, duplicates, options: arm.prefilter, earlier: earlier?.prefilter }
  const prefiltered = await prefilter(job, services)
  if (prefiltered === null) return { prefiltered, calibration: null, ...stoppedSearch(arm.name, services) }
  return { prefiltered, ...(await searchIn(listedSpace(space, prefiltered.kept), options, services)) }
}

function searchIn(
  space: SearchSpace,
  options: ArmRunOptions,
  services: SearchServices,
): Promise<CalibratedSearchResult> {
  const { arm, macro, seed } = options
  const proposer = createStrategy(arm.strategy, space, createRng(seed, 'strategy'))
  // The restricted space enforces the constraints.
  const isPart = space.part !== undefined || arm.prefilter != null
  const strategy = isPart ? withinSpace(proposer, space) : proposer
  const canonical = (architecture: string): string => space.canonical(architecture, arm.strategy.duplicates)
  return runCalibratedSearch(
    { ...options, ...arm, arm: arm.name, classes: macro.classes, space, strategy, canonical },
    services,
  )
}
