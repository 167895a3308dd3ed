import type { Cost, Outcome } from '../evaluators/outcome.js'
import { isOutcomeKind } from '../evaluators/outcome-schema.js'
import { isAmount, isIndex, isSeconds } from '../platform/value-checks.js'
import type { Architecture } from '../spaces/search-space.js'
import type { TrialFinishedEntry, TrialStartedEntry } from './journal-event.js'

/** The data of a finished trial for an overview. */
export interface FinishedTrialFacts {
  readonly event: 'trial.finished'
  readonly arm: string
  readonly trial: number
  readonly architecture: Architecture
  /** Index of the fidelity; 0 is the cheapest. */
  readonly fidelity: number
  readonly kind: Outcome['kind']
  /** Null unless it has a finite score. */
  readonly score: number | null
  readonly cost: Cost
  readonly wallSeconds: number
}

export function trialFacts(entry: TrialFinishedEntry): FinishedTrialFacts {
  const { arm, trial, architecture, fidelity = 0, outcome, wallSeconds } = entry
  const { kind, cost } = outcome
  const score = kind === 'scored' && Number.isFinite(outcome.score) ? outcome.score : null
  return { event: 'trial.finished', arm, trial, architecture, fidelity, kind, score, cost, wallSeconds }
}

const startedHead = '{"event":"trial.started","arm":"'
const finishedHead = '{"event":"trial.finished","arm":"'
const costHead = '"cost":{'
const wallHead = ',"wallSeconds":'

/**
 * Extracts the data of a line that starts or finishes a trial without parsing all of it: nine tenths of a journal are
 * costs by phase. Null for every other line, for a line that is not exactly as this program writes it, and for values
 * out of range; those need the full parser, which reports problems. Skipped parts are not checked.
 */
export function scanTrialLine(line: string): TrialStartedEntry | FinishedTrialFacts | null {
  if (line.startsWith(startedHead)) return scanStarted(line)
  return line.startsWith(finishedHead) ? scanFinished(line) : null
}

function scanStarted(line: string): TrialStartedEntry | null {
  const key = scanKey(line, startedHead.length)
  if (key === null || key.end !== line.length - 1 || !line.endsWith('}')) return null
  const { arm, trial, architecture } = key
  return { event: 'trial.started', arm, trial, architecture }
}

function scanFinished(line: string): FinishedTrialFacts | null {
  const key = scanKey(line, finishedHead.length)
  if (key === null) return null
  const kindStart = skip(line, key.end, ',"outcome":{"kind":"')
  const kindEnd = line.indexOf('"', kindStart)
  const costStart = line.indexOf(costHead, kindEnd)
  const wallStart = line.lastIndexOf(wallHead)
  if (kindStart < 0 || kindEnd < 0 || costStart < 0 || wallStart < costStart || !line.endsWith('}')) return null
  const kind = line.slice(kindStart, kindEnd)
  if (!isOutcomeKind(kind)) return null
  // A cost after a bracket may be that of a phase.
  const before = line.slice(kindEnd, costStart)
  if (before.includes('{') || before.includes('[')) return null
  const cost = scanCost(line, costStart + costHead.length)
  const wallSeconds = toNumber(line.slice(wallStart + wallHead.length, -1))
  const score = kind === 'scored' ? scanNumber(line, skip(line, kindEnd, '","score":'), ',') : null
  if (cost === null || !isSeconds(wallSeconds) || (kind === 'scored' && score === null)) return null
  const { arm, trial, architecture } = key
  // At higher fidelities more fields follow the architecture; the full parser reads them.
  return { event: 'trial.finished', arm, trial, architecture, fidelity: 0, kind, score, cost, wallSeconds }
}

/** The numbers of a cost, in writing order. */
function scanCost(line: string, start: number): Cost | null {
  const flops = line.indexOf(',"trainingFlops":', start)
  const steps = line.indexOf(',"steps":', flops)
  const epochs = line.indexOf(',"epochs":', steps)
  if (flops < 0 || steps < 0 || epochs < 0) return null
  const computeSeconds = scanNumber(line, skip(line, start, '"computeSeconds":'), ',')
  const trainingFlops = toNumber(line.slice(flops + ',"trainingFlops":'.length, steps))
  const numberOfSteps = toNumber(line.slice(steps + ',"steps":'.length, epochs))
  const numberOfEpochs = scanNumber(line, epochs + ',"epochs":'.length, '}')
  const isCost =
    isSeconds(computeSeconds) && isAmount(trainingFlops) && isAmount(numberOfSteps) && isAmount(numberOfEpochs)
  if (!isCost) return null
  return { computeSeconds, trainingFlops, steps: numberOfSteps, epochs: numberOfEpochs }
}

/** `ARM","trial":N,"architecture":"A"`, and where it ends. */
function scanKey(line: string, start: number) {
  const armEnd = line.indexOf('"', start)
  const trialStart = skip(line, armEnd, '","trial":')
  const trialEnd = line.indexOf(',', trialStart)
  const architectureStart = skip(line, trialEnd, ',"architecture":"')
  const architectureEnd = line.indexOf('"', architectureStart)
  if (trialStart < 0 || architectureStart < 0 || architectureEnd < 0) return null
  const arm = line.slice(start, armEnd)
  const trial = toNumber(line.slice(trialStart, trialEnd))
  const architecture = line.slice(architectureStart, architectureEnd)
  if (!isIndex(trial) || arm.includes('\\') || architecture.includes('\\')) return null
  return { arm, trial, architecture, end: architectureEnd + 1 }
}

/** The position after `text`, which must be at `start`; -1 if it is not, or if `start` is -1. */
function skip(line: string, start: number, text: string): number {
  return start >= 0 && line.startsWith(text, start) ? start + text.length : -1
}

function scanNumber(line: string, start: number, end: string): number | null {
  const stop = start < 0 ? -1 : line.indexOf(end, start)
  return stop < 0 ? null : toNumber(line.slice(start, stop))
}

/** A number as JSON writes it; null for anything else. */
function toNumber(text: string): number | null {
  const first = text.charCodeAt(0)
  const isNumeric = first === 45 || (first >= 48 && first <= 57)
  const value = isNumeric ? Number(text) : Number.NaN
  return Number.isFinite(value) ? value : null
}
