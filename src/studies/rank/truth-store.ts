import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { ScoredOutcome } from '../../evaluators/outcome.js'
import type { EvaluationTask, WorkerSetup } from '../../execution/executor.js'
import { writeFileAtomic } from '../../platform/files.js'

/** Full trainings of earlier runs, for as long as everything that decides their result is the same. */
export interface TruthStore {
  /** Of everything but the seeds that decides the results. */
  readonly fingerprint: string
  /** The outcome, with its test accuracy; null if this network was not trained before. */
  find(task: EvaluationTask): ScoredOutcome | null
  /** Where it cannot be written, such as on a full disk, there is a warning and nothing is kept. */
  keep(task: EvaluationTask, outcome: ScoredOutcome): void
}

/** Raised when training changes in a way that makes older results another thing. */
const version = 1

/** What decides the result of every full training of a run, besides its seeds. */
export function truthFingerprint({ dataset, engine, space, recipe }: WorkerSetup): string {
  return digest([version, dataset.fingerprint, engine, space, recipe])
}

/**
 * A store in a folder of `parent` that is named after the run's fingerprint: a small file for each network, named after
 * its architecture and seeds, so that any number of runs may use it at once and a crash leaves whole files only.
 */
export function openTruthStore(
  parent: string,
  setup: WorkerSetup,
  warn: (message: string) => void = (message) => process.emitWarning(message),
): TruthStore {
  const fingerprint = truthFingerprint(setup)
  const folder = path.join(parent, fingerprint)
  let hasWarned = false
  const fileOf = ({ architecture, trialSeed, dataSeed }: EvaluationTask): string =>
    path.join(folder, `${digest([architecture, trialSeed, dataSeed])}.json`)
  return {
    fingerprint,
    find: (task) => readOutcome(fileOf(task), task),
    keep(task, outcome) {
      try {
        mkdirSync(folder, { recursive: true })
        writeFileAtomic(fileOf(task), `${JSON.stringify({ architecture: task.architecture, outcome })}\n`)
      } catch (error) {
        // The run has its outcome; only a later run pays for the failure.
        if (!hasWarned) warn(`${folder} could not be written, so later runs will train these again: ${String(error)}`)
        hasWarned = true
      }
    },
  }
}

function readOutcome(file: string, task: EvaluationTask): ScoredOutcome | null {
  if (!existsSync(file)) return null
  try {
    const { architecture, outcome } = JSON.parse(readFileSync(file, 'utf8')) as {
      architecture: unknown
      outcome: ScoredOutcome
    }
    const isWhole = outcome.kind === 'scored' && typeof outcome.testAccuracy === 'number'
    return isWhole && architecture === task.architecture ? outcome : null
  } catch {
    // Whatever happened to the file, the network can be trained again.
    return null
  }
}

/** 16 hexadecimal digits of a SHA-256 over the value as JSON. */
function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16)
}
