import { expect, it } from 'vitest'
import type { Evaluation } from '../../src/evaluators/evaluator.js'
import type { Executor } from '../../src/execution/executor.js'
import type { JournalEvent } from '../../src/journal/journal-event.js'
import { replay } from '../../src/journal/replay.js'
import type { TrainedNetwork } from '../../src/search/best-network.js'
import type { StudyServices } from '../../src/studies/arm-run.js'
import { inMemoryNetworks } from '../../src/studies/network-store.js'
import { runStudy } from '../../src/studies/run-study.js'
import type { StudyOptions } from '../../src/studies/study.js'
import { toyWorld } from '../search/toy-evaluation.js'
import { toyStudy } from './toy-study.js'

/** The better a network's score was, the worse it does when it is trained in full: finalists are trained worst first. */
function upsideDown(evaluation: Evaluation): Evaluation {
  const { outcome } = evaluation
  if (outcome.kind !== 'scored' || outcome.validationAccuracy === null) return evaluation
  return { ...evaluation, outcome: { ...outcome, validationAccuracy: 1 - outcome.validationAccuracy } }
}

const hardware = { cpu: 'x', physicalCores: 1, logicalCores: 1, memoryBytes: 1, platform: 'x', node: 'x' }
const about = { date: '2026-01-01T00:00:00.000Z', config: {}, seed: 7, hardware, engine: 'toy' }
const started: JournalEvent = { event: 'run.started', schema: 1, command: 'compare', ...about }

/** Runs a study on one worker; gives its journal and the networks that were handed over as the best so far. */
async function run(study: StudyOptions, earlier: readonly JournalEvent[], services: Partial<StudyServices> = {}) {
  const { clock, executor: toy } = toyWorld(1)
  const executor: Executor = { ...toy, evaluate: async (task) => upsideDown(await toy.evaluate(task)) }
  const recorded: JournalEvent[] = [...earlier]
  const handedOver: TrainedNetwork[] = []
  const append = async (event: JournalEvent): Promise<void> => void recorded.push(event)
  const journal = { append, flush: async () => {}, close: async () => {} }
  const onBest = (_: string, best: TrainedNetwork): void => {
    if (best.weights !== null) handedOver.push(best)
  }
  const { result } = await runStudy(study, { clock, executor, journal, onBest, ...services }, replay(earlier))
  return { recorded, handedOver, best: result.arms[0]?.best }
}

it('the network of a finalist that an earlier session trained is not replaced by a worse one of this session', async () => {
  const search = { ...toyStudy, arms: toyStudy.arms.slice(0, 1) }
  const { recorded, best } = await run(search, [started])
  // Killed when the best finalist was recorded, and those before it in order of score were not.
  const cut = recorded.filter(
    ({ event, ...entry }) => event !== 'arm.finished' && (event !== 'finalist.finished' || isOf(entry, best?.trial)),
  )
  expect(recorded.length - cut.length).toBe(1 + 2)
  const resumed = await run(search, cut)
  expect(resumed.best).toEqual(best)
  // It alone: trained again, for its weights.
  expect(resumed.handedOver.map(({ trial }) => trial)).toEqual([best?.trial])
})

it('a network that was measured, but not yet removed when its process was killed, is removed', async () => {
  const resampling = { searches: 1, architectures: null, replacement: true }
  const comparison = { ...toyStudy, budget: { trials: 4 }, resampling }
  const { recorded } = await run(comparison, [started])
  const lastTest = recorded.findLastIndex(({ event }) => event === 'test.finished')
  const networks = inMemoryNetworks()
  for (let trial = 0; trial < 4; trial++) {
    networks.put('full', { trial, architecture: '', validationAccuracy: 0, weights: zeros })
  }
  // The last measurement was not recorded: its network, of zeros here, is still needed.
  const { recorded: again } = await run(comparison, recorded.slice(0, lastTest), { networks })
  expect(again.slice(lastTest)).toMatchObject([{ event: 'test.finished', testAccuracy: 0 }, { event: 'arm.finished' }])
  for (let trial = 0; trial < 4; trial++) expect(networks.get('full', trial)).toBeNull()
})

const zeros = {
  parameters: new Float32Array(1),
  runningMean: new Float32Array(0),
  runningVariance: new Float32Array(0),
}

function isOf(entry: object, trial: number | undefined): boolean {
  return 'trial' in entry && entry.trial === trial
}
