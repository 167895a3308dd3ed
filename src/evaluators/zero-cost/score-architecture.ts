import type { Batch, Engine } from '../../engines/engine.js'
import type { NetworkSpec } from '../../networks/network-spec.js'
import type { NetworkWeights } from '../../networks/weights.js'
import type { Clock } from '../../platform/clock.js'
import type { Measure, MeasureName } from './measure.js'

/** A network to be measured. */
export interface ScoreRequest {
  readonly engine: Engine
  readonly spec: NetworkSpec
  readonly weights: NetworkWeights
  readonly batch: Batch
}

export type ByMeasure<T> = Readonly<Partial<Record<MeasureName, T>>>

export interface ArchitectureScores {
  /** null where a measure is not a finite number. */
  readonly scores: ByMeasure<number | null>
  /** How long each measure took. */
  readonly seconds: ByMeasure<number>
}

/** Computes several measures of one network; repeatable, except for the seconds. */
export function scoreArchitecture(
  { engine, spec, weights, batch }: ScoreRequest,
  measures: readonly Measure[],
  clock: Clock,
): ArchitectureScores {
  const network = engine.create(spec, weights)
  try {
    const scores: Partial<Record<MeasureName, number | null>> = {}
    const seconds: Partial<Record<MeasureName, number>> = {}
    for (const { name, measure } of measures) {
      const startedAt = clock.now()
      const score = measure({ network, weights, batch })
      seconds[name] = clock.now() - startedAt
      scores[name] = Number.isFinite(score) ? score : null
    }
    return { scores, seconds }
  } finally {
    network.dispose()
  }
}
