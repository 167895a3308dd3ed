import { type NetworkSize, networkSize } from '../networks/size.js'
import type { Finalist } from '../search/finalists.js'
import type { FinishedTrial } from '../search/trial.js'
import type { Architecture, MacroSpec, SearchSpace } from '../spaces/search-space.js'
import { paretoFront } from '../statistics/pareto-front.js'

/** A network with its size and its value: an accuracy in 0..1, or a score of the arm's evaluator. */
export interface SizedNetwork extends NetworkSize {
  readonly trial: number
  readonly architecture: Architecture
  readonly value: number
  /** For one image, as measured for `constraints.latency`; absent without such a limit. */
  readonly latencySeconds?: number
}

/** The Pareto front: networks for which no other is smaller with the same value, or as small with a higher value. */
export interface Fronts extends Readonly<Record<keyof NetworkSize, readonly SizedNetwork[]>> {
  /** By the time for one image; absent where it was not measured. */
  readonly latency?: readonly SizedNetwork[]
  /** Number of networks considered. */
  readonly networks: number
}

/** The Pareto fronts of an arm. */
export interface ArmFronts {
  /** Networks by validation accuracy after full training. `trials`: all trials; `finalists`: finalists only. */
  readonly accuracy: Fronts & { readonly of: 'trials' | 'finalists' }
  /** All scored trials by the arm's own score, which is not an accuracy; null if the evaluator trains in full. */
  readonly score: Fronts | null
}

export interface MeasuredArchitectures {
  readonly space: SearchSpace
  readonly macro: MacroSpec
  /** Whether every trial was trained in full. */
  readonly trainsInFull: boolean
  /** In a search over fidelities only those of the last, since scores of others do not compare. */
  readonly trials: readonly FinishedTrial[]
  readonly finalists: readonly Finalist[]
  /** The measured seconds for one image; null where none were measured. */
  readonly secondsOf: ((architecture: Architecture) => number) | null
}

export function armFronts(measured: MeasuredArchitectures): ArmFronts {
  const { finalists, trainsInFull, trials } = measured
  const of = trainsInFull ? 'trials' : 'finalists'
  const trained = fullyTrained({ of, finalists, trials })
  const scored = trials.flatMap(({ index, architecture, outcome }) =>
    outcome.kind === 'scored' ? [{ trial: index, architecture, value: outcome.score }] : [],
  )
  return {
    accuracy: { of, ...frontsOf(trained, measured) },
    score: of === 'trials' ? null : frontsOf(scored, measured),
  }
}

type Valued = Omit<SizedNetwork, keyof NetworkSize | 'latencySeconds'>

/** Fully trained networks that did not diverge, by validation accuracy in 0..1. */
export function fullyTrained({
  of,
  trials,
  finalists,
}: {
  readonly of: ArmFronts['accuracy']['of']
  readonly trials: readonly FinishedTrial[]
  readonly finalists: readonly Omit<Finalist, 'score'>[]
}): readonly Valued[] {
  const trained = of === 'trials' ? trials.map(({ index, ...trial }) => ({ trial: index, ...trial })) : finalists
  return trained.flatMap(({ trial, architecture, outcome }) =>
    outcome.kind === 'scored' && outcome.validationAccuracy !== null
      ? [{ trial, architecture, value: outcome.validationAccuracy }]
      : [],
  )
}

function frontsOf(networks: readonly Valued[], { space, macro, secondsOf }: MeasuredArchitectures): Fronts {
  const sized = networks.map((network): SizedNetwork => {
    const { architecture } = network
    const size = networkSize(space.network(architecture, macro))
    return { ...network, ...size, ...(secondsOf && { latencySeconds: secondsOf(architecture) }) }
  })
  const frontBy = (cost: (network: SizedNetwork) => number): readonly SizedNetwork[] =>
    paretoFront(sized.map((network) => ({ cost: cost(network), value: network.value, network })))
      // If networks are equal in both, the first is kept.
      .filter(({ cost }, i, front) => cost !== front[i - 1]?.cost)
      .map(({ network }) => network)
  return {
    networks: networks.length,
    params: frontBy(({ params }) => params),
    flops: frontBy(({ flops }) => flops),
    ...(secondsOf && { latency: frontBy(({ latencySeconds = Number.NaN }) => latencySeconds) }),
  }
}
