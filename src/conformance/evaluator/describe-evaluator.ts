import { describe, expect, it } from 'vitest'
import type { Dataset } from '../../datasets/dataset.js'
import { chooseEngine } from '../../engines/choose-engine.js'
import type { Engine, TrainableNetwork } from '../../engines/engine.js'
import { evaluateSafely } from '../../evaluators/evaluate-safely.js'
import type { Evaluation, EvaluationContext, EvaluationRequest, Evaluator } from '../../evaluators/evaluator.js'
import { addCosts, type Cost, noCost, type Outcome } from '../../evaluators/outcome.js'
import { type Clock, systemClock } from '../../platform/clock.js'
import { createSearchSpace } from '../../spaces/registry.js'
import { tinySetup, tinyTask } from '../executor/tiny-setup.js'

/** What an evaluator is tried with; by default a few small images, the engine wasm and networks of four channels. */
export interface EvaluatorConformanceOptions {
  /** A context in which `request` is scored. Its data set has normalised images that depend on the pixels. */
  readonly context?: () => Promise<EvaluationContext> | EvaluationContext
  readonly request?: EvaluationRequest
  /** Number of live objects in the engine, such as tensors, which a finished trial must have freed. */
  readonly liveObjects?: () => number
}

/**
 * The laws that every evaluator which trains networks keeps, with any engine. Its score must be above 0, and 1 at most.
 *
 * @example
 * describeEvaluator('mine', () => createMine({ epochs: 2 }))
 */
export function describeEvaluator(
  title: string,
  create: () => Evaluator,
  { context: contextOf = tinyContext, request = tinyTask(0), liveObjects }: EvaluatorConformanceOptions = {},
): void {
  const setup = { context: contextOf, liveObjects }
  describe(`${title} as an evaluator`, () => {
    const evaluate = async (change: (context: EvaluationContext) => Partial<EvaluationContext> = () => ({})) => {
      const context = await setup.context()
      return evaluateSafely(create(), request, { ...context, ...change(context) })
    }

    let scored: Promise<Evaluation> | null = null
    /** The evaluation of the unchanged request, computed once. */
    const evaluation = () => {
      scored ??= evaluate()
      return scored
    }

    it('scores, in 0..1, with a cost', async () => {
      const { outcome } = await evaluation()
      if (outcome.kind !== 'scored') expect.fail(`not scored: ${JSON.stringify(outcome)}`)
      expect(outcome.score).toBeGreaterThan(0)
      expect(outcome.score).toBeLessThanOrEqual(1)
      expect(outcome.cost.trainingFlops).toBeGreaterThan(0)
      expect(outcome.cost.steps).toBeGreaterThan(0)
      expect(outcome.metric === 'validation-accuracy').toBe(outcome.validationAccuracy === outcome.score)
    })

    it('gives the same result for the same request but for seconds, whatever was evaluated before', async () => {
      const context = await setup.context()
      const evaluator = create()
      const first = evaluateSafely(evaluator, request, context)
      evaluateSafely(evaluator, { ...request, trialSeed: [...request.trialSeed, 'other'] }, context)
      const second = evaluateSafely(evaluator, request, context)
      expect(withoutSeconds(second)).toEqual(withoutSeconds(first))
      expect(withoutSeconds(await evaluation())).toEqual(withoutSeconds(first))
    })

    it('accounts for every second and FLOP: phases sum to the cost, and the cost to the time that passed', async () => {
      const clock = tickingClock()
      const before = clock.ticks()
      const { outcome } = await evaluate(() => ({ clock }))
      expectPhasesSumToCost(outcome)
      // The first reading of the clock and the last are the caller's and the evaluator's own start and end.
      expect(clock.ticks() - before - outcome.cost.computeSeconds).toBeLessThanOrEqual(4)
    })

    it('is plain data that crosses thread borders', async () => {
      expect(structuredClone(await evaluation())).toEqual(await evaluation())
    })

    it('reports NaN as divergence, in a phase that it names', async () => {
      const { outcome } = await evaluate(({ dataset }) => ({ dataset: withoutNumbers(dataset) }))
      if (outcome.kind !== 'diverged') expect.fail(`not diverged: ${JSON.stringify(outcome)}`)
      expect(outcome.epoch).toBe(0)
      expect(Object.keys(outcome.phases)).toContain(outcome.phase)
      expectPhasesSumToCost(outcome)
    })

    it('ends as a time-out soon after its time is up', async () => {
      const { outcome } = await evaluate(() => ({ clock: tickingClock(), timeoutSeconds: 4 }))
      expect(outcome).toMatchObject({ kind: 'timed-out', limitSeconds: 4 })
      expect(outcome.cost.computeSeconds).toBeGreaterThan(4)
      expect(outcome.cost.computeSeconds).toBeLessThanOrEqual(9)
      expectPhasesSumToCost(outcome)
    })

    it('never looks at test images', async () => {
      const { outcome } = await evaluate(({ dataset }) => ({ dataset: withForbiddenTest(dataset) }))
      expect(outcome).toMatchObject({ kind: 'scored' })
    })

    it('disposes every network, whether it ends well, diverges, runs out of time or breaks', async () => {
      const engine = countingEngine((await setup.context()).engine)
      const objects = setup.liveObjects?.()
      const endings = [
        await evaluate(() => ({ engine })),
        await evaluate(({ dataset }) => ({ engine, dataset: withoutNumbers(dataset) })),
        await evaluate(() => ({ engine, clock: tickingClock(), timeoutSeconds: 4 })),
        await evaluate(() => ({ engine: breakingAtStep(engine, 2) })),
      ]
      expect(endings.map(({ outcome }) => outcome.kind)).toEqual(['scored', 'diverged', 'timed-out', 'failed'])
      expect(endings.at(-1)?.outcome).toMatchObject({ message: 'broken on purpose', cost: { steps: 2 } })
      expect(engine.created()).toBeGreaterThanOrEqual(endings.length)
      expect(engine.live()).toBe(0)
      expect(setup.liveObjects?.()).toBe(objects)
    })
  })
}

async function tinyContext(): Promise<EvaluationContext> {
  const { dataset, recipe, space, timeoutSeconds } = await tinySetup('wasm')
  const { engine } = await chooseEngine('wasm')
  const searched = createSearchSpace(space)
  return {
    engine,
    dataset,
    recipe,
    clock: systemClock,
    rejection: { cheapest: () => Infinity, offer: () => {} },
    network: (architecture) => searched.network(architecture, space.macro),
    timeoutSeconds,
  }
}

function expectPhasesSumToCost({ cost, phases }: Outcome): void {
  const { computeSeconds, ...counts } = Object.values(phases).reduce(addCosts, noCost)
  expect(cost).toMatchObject(counts)
  expect(cost.computeSeconds).toBeCloseTo(computeSeconds, 9)
}

function withoutSeconds({ outcome, weights }: Evaluation): unknown {
  const strip = ({ computeSeconds: _, ...cost }: Cost): Omit<Cost, 'computeSeconds'> => cost
  const phases = Object.fromEntries(Object.entries(outcome.phases).map(([phase, cost]) => [phase, strip(cost)]))
  const snapshots = outcome.snapshots?.map(({ seconds: _, ...snapshot }) => snapshot)
  return { ...outcome, cost: strip(outcome.cost), phases, snapshots, weights }
}

/** A clock that advances by one second at each reading. */
function tickingClock(): Clock & { ticks(): number } {
  let seconds = 0
  return { now: () => ++seconds, date: () => new Date(seconds * 1000).toISOString(), ticks: () => seconds }
}

/** The same images, each of whose pixels becomes NaN when it is normalised. */
function withoutNumbers(dataset: Dataset): Dataset {
  return { ...dataset, normalisation: { ...dataset.normalisation, mean: dataset.normalisation.mean.map(() => NaN) } }
}

function withForbiddenTest(dataset: Dataset): Dataset {
  return {
    ...dataset,
    get test(): never {
      throw new Error('an evaluator looked at the test images')
    },
  }
}

interface CountingEngine extends Engine {
  created(): number
  live(): number
}

function countingEngine(engine: Engine): CountingEngine {
  let created = 0
  let disposed = 0
  const onDispose = (): void => {
    disposed++
  }
  return {
    name: engine.name,
    info: engine.info,
    created: () => created,
    live: () => created - disposed,
    create(spec, weights) {
      created++
      return override(engine.create(spec, weights), (network) => ({
        dispose() {
          onDispose()
          network.dispose()
        },
      }))
    },
  }
}

/** An engine whose networks throw at their training step `step` (from 0). */
function breakingAtStep(engine: Engine, step: number): Engine {
  return {
    name: engine.name,
    info: engine.info,
    create(spec, weights) {
      let steps = 0
      return override(engine.create(spec, weights), (network) => ({
        trainStep(batch, options) {
          if (steps++ === step) throw new Error('broken on purpose')
          return network.trainStep(batch, options)
        },
      }))
    },
  }
}

/** A proxy of `network` with some methods replaced. */
function override(
  network: TrainableNetwork,
  methods: (network: TrainableNetwork) => Partial<TrainableNetwork>,
): TrainableNetwork {
  const replaced = methods(network)
  return new Proxy(network, {
    get(target, key) {
      const value: unknown = Reflect.get(key in replaced ? replaced : target, key)
      // Bound to the original, since private fields do not work on the proxy.
      return typeof value === 'function' && !(key in replaced) ? value.bind(target) : value
    },
  })
}
