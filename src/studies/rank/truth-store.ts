import { mkdirSync } from 'node:fs'
import path from 'node:path'
import type { EngineInfo } from '../../engines/engine.js'
import type { ScoredOutcome } from '../../evaluators/outcome.js'
import type { EvaluationTask, WorkerSetup } from '../../execution/executor.js'
import { resultsVersion } from '../../journal/results-version.js'
import { writeFileAtomic } from '../../platform/files.js'
import { withModuleHash } from '../../platform/parts/module-file.js'
import { sha256 } from '../../platform/sha256.js'
import { readTruth, truthText } from './truth-file.js'

/** Full trainings of earlier runs, valid while everything that determines their result is the same. */
export interface TruthStore {
  /** Fingerprint of everything but the seeds that determines the results. */
  readonly fingerprint: string
  /** The outcome, with its test accuracy; null if this network was not trained before. */
  find(task: EvaluationTask): ScoredOutcome | null
  /** If it cannot be written, for example on a full disk, there is a warning and nothing is kept. */
  keep(task: EvaluationTask, outcome: ScoredOutcome): void
}

/** Version of the file format. */
const version = 2

/** The engine's properties that affect results, besides its name. */
type EngineFacts = Pick<EngineInfo, 'version' | 'device'>

/** Everything that determines the result of every full training of a run, besides its seeds. */
function runKey({ dataset, engine, space, recipe }: WorkerSetup, { version, device }: EngineFacts) {
  return {
    data: dataset.fingerprint,
    engine: { name: withModuleHash(engine), version, device },
    resultsVersion,
    space: withModuleHash(space),
    recipe,
  }
}

/** Whether parts were passed as values: another program may call others by the same name. */
function hasValues({ engine, space }: WorkerSetup): boolean {
  return space.name === 'value' || (typeof engine !== 'string' && engine.name === 'value')
}

/** A digest of `runKey`. */
export function truthFingerprint(setup: WorkerSetup, engine: EngineFacts): string {
  return digest([version, runKey(setup, engine)])
}

/**
 * A store in a folder of `parent` named by the run's fingerprint. One small file per network, named by its architecture
 * and seeds, so that several runs can use it at the same time and a crash leaves only complete files. The key is in the
 * file too: a file with another key or impossible figures is ignored. With an engine or a space that is a value nothing
 * is written, and what is kept is forgotten with the store.
 */
export function openTruthStore(
  parent: string,
  setup: WorkerSetup,
  engine: EngineFacts,
  warn: (message: string) => void = (message) => process.emitWarning(message),
): TruthStore {
  const fingerprint = truthFingerprint(setup, engine)
  if (hasValues(setup)) return memoryStore(fingerprint)
  const folder = path.join(parent, fingerprint)
  const run = runKey(setup, engine)
  let hasWarned = false
  const fileOf = ({ architecture, trialSeed, dataSeed }: EvaluationTask): string =>
    path.join(folder, `${digest([architecture, trialSeed, dataSeed])}.json`)
  return {
    fingerprint,
    find: (task) => readTruth(fileOf(task), { run, task }),
    keep(task, outcome) {
      try {
        mkdirSync(folder, { recursive: true })
        writeFileAtomic(fileOf(task), truthText({ run, task }, outcome))
      } catch (error) {
        // This run has its outcome; only a later run has to train again.
        if (!hasWarned) warn(`${folder} could not be written, so later runs will train these again: ${String(error)}`)
        hasWarned = true
      }
    },
  }
}

function memoryStore(fingerprint: string): TruthStore {
  const outcomes = new Map<string, ScoredOutcome>()
  const keyOf = ({ architecture, trialSeed, dataSeed }: EvaluationTask): string =>
    digest([architecture, trialSeed, dataSeed])
  return {
    fingerprint,
    find: (task) => outcomes.get(keyOf(task)) ?? null,
    keep: (task, outcome) => void outcomes.set(keyOf(task), outcome),
  }
}

/** 16 hexadecimal digits of a SHA-256 over the value as JSON. */
function digest(value: unknown): string {
  return sha256(JSON.stringify(value)).slice(0, 16)
}
