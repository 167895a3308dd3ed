import type { CalibratedNetwork, Calibration, CalibrationPlan } from '../evaluators/calibration/calibration.js'
import { addCosts, type Cost, noCost } from '../evaluators/outcome.js'
import { calibrationOf, type EvaluatorOptions, type EvaluatorSettings, settledOptions } from '../evaluators/registry.js'
import { createRng, type SeedPart } from '../platform/rng.js'
import type { Architecture, SearchSpace } from '../spaces/search-space.js'
import type { SearchServices } from './driver.js'
import { loneTask } from './lone-task.js'
import { onAllWorkers } from './on-all-workers.js'

export interface CalibrationJob {
  readonly arm: string
  /** The run's seed. */
  readonly seed: SeedPart
  readonly space: SearchSpace
  /** Number of classes of the data set. */
  readonly classes: number
  readonly evaluator: EvaluatorSettings
  /** What an earlier session of the run found for this arm. */
  readonly earlier?: Calibration | null | undefined
}

/** An evaluator with a known threshold, and how it was found; null if it was set. */
export interface CalibratedEvaluator {
  readonly evaluator: EvaluatorOptions
  readonly calibration: Calibration | null
}

/**
 * Finds the threshold for `threshold: auto`, once per arm, before its search: trains a few networks of the space for a
 * short time, on all workers, and takes the median of the accuracies they reach. The result depends on seed and
 * settings, not on the workers. Its cost is recorded as the arm's calibration. It is one event of the journal, so a run
 * that is killed before it repeats the whole calibration.
 *
 * @returns null if a stop was requested before it was done.
 * @throws CalibrationError if a network's training fails, or if too little is learnt.
 */
export async function calibrate(job: CalibrationJob, services: SearchServices): Promise<CalibratedEvaluator | null> {
  const plan = calibrationOf(job.evaluator)
  const calibration = plan && (takeOver(job, services) ?? (await findThreshold(job, plan, services)))
  const evaluator = settledOptions(job.evaluator, calibration?.threshold)
  return evaluator && { evaluator, calibration }
}

/** The total cost of a calibration. */
export function calibrationCost({ networks }: Calibration): Cost {
  return networks.reduce((sum, { outcome }) => addCosts(sum, outcome.cost), noCost)
}

function takeOver({ arm, earlier }: CalibrationJob, { ledger }: SearchServices): Calibration | null {
  for (const { outcome } of earlier?.networks ?? []) ledger.charge(arm, 'calibration', outcome)
  return earlier ?? null
}

async function findThreshold(
  { arm, seed, space, classes }: CalibrationJob,
  plan: CalibrationPlan,
  { executor, journal, ledger, onEvent, stop, wallSeconds }: SearchServices,
): Promise<Calibration | null> {
  const architectures = referenceArchitectures(space, seed, plan.architectures)
  onEvent?.({ kind: 'calibration-started', arm, architectures: architectures.length })

  const done = new Map<number, CalibratedNetwork>()
  let hasFailed = false
  await onAllWorkers(executor, architectures.entries(), stop, async ([i, architecture]) => {
    const { outcome } = await executor.evaluate(loneTask(seed, [seed, 'calibration', i], architecture, plan.evaluator))
    ledger.charge(arm, 'calibration', outcome)
    done.set(i, { architecture, outcome })
    hasFailed ||= outcome.kind !== 'scored'
    return !hasFailed
  })
  if (done.size < architectures.length && !hasFailed) return null

  // In the order of the architectures, not of finishing. Throws if one of them failed.
  const networks = architectures.flatMap((_, i) => done.get(i) ?? [])
  const calibration = { threshold: plan.find(networks, classes), networks }
  await journal?.append({ event: 'calibration.finished', arm, ...calibration, wallSeconds: wallSeconds() })
  onEvent?.({ kind: 'calibration-finished', arm, ...calibration, cost: calibrationCost(calibration) })
  return calibration
}

/**
 * A sample of the space, independent of the search: uniformly drawn, all different, without networks whose output does
 * not depend on their input.
 */
function referenceArchitectures(space: SearchSpace, seed: SeedPart, count: number): readonly Architecture[] {
  const rng = createRng(seed, 'calibration')
  const found = new Map<string, Architecture>()
  // A small space may have fewer.
  for (let draw = 0; draw < 100 * count && found.size < count; draw++) {
    const architecture = space.sample(rng)
    const form = space.canonical(architecture, 'isomorphism')
    if (space.isConnected(architecture) && !found.has(form)) found.set(form, architecture)
  }
  return [...found.values()]
}
