import type { NetworkSpec } from '../networks/network-spec.js'
import { initialWeights } from '../networks/weights.js'
import { attempt, missingFunction, unusablePart } from '../platform/parts/make-part.js'
import { ownPart, settingsOf } from '../platform/parts/own-part.js'
import type { ModuleOptions, ValueOptions } from '../platform/parts/part-settings.js'
import { createRng } from '../platform/rng.js'
import { checkedEngine } from './checked-engine.js'
import type { Engine, EngineInfo, TrainableNetwork } from './engine.js'

/** An engine from outside the package. Plain data, but for a value. */
export type OwnEngineOptions = ModuleOptions | ValueOptions<Engine>

const functions = [
  'trainStep',
  'freezeUpTo',
  'featuresAt',
  'trainTailStep',
  'evaluate',
  'evaluateTail',
  'logits',
  'gradients',
  'gradientsNear',
  'probe',
  'weights',
  'setWeights',
  'phases',
  'memoryBytes',
  'dispose',
] as const satisfies readonly (keyof TrainableNetwork)[]

/**
 * The engine that a module makes or a program passed, its arguments checked. It is tried: it must build a small network
 * and train it for a step. Runs the module's code in this thread.
 *
 * @param reserved names of engines of this package, which no other may have
 * @throws ConfigError if the module cannot be loaded or makes no engine, saying what is missing; if the value is not here,
 * see `PartValue.open`.
 */
export async function loadOwnEngine(options: OwnEngineOptions, reserved: readonly string[]): Promise<Engine> {
  const part = ownPart(options, 'engine', settingsOf(options))
  const { subject } = part
  const made = await part.made
  const wrong = problemOf(made, reserved)
  if (wrong !== null) throw unusablePart(subject, 'engine', wrong)
  const engine = checkedEngine(made as Engine)
  const missing = attempt(subject, 'engine', () => tryTraining(made as Engine))
  if (missing !== undefined) throw unusablePart(subject, 'engine', `its networks have no function ${missing}`)
  return engine
}

function problemOf(made: unknown, reserved: readonly string[]): string | null {
  if (typeof made !== 'object' || made === null) return 'it must be an object with name, info and create'
  if (missingFunction(made, ['create']) !== undefined) return 'it has no function create'
  const { name, info } = made as Readonly<Record<'name' | 'info', unknown>>
  if (typeof name !== 'string' || name === '') return 'its name must be text'
  if (reserved.includes(name))
    return `its name is that of a built-in engine, ${name}: results of the two would be mixed up`
  return infoProblem(info)
}

function infoProblem(info: unknown): string | null {
  if (typeof info !== 'object' || info === null)
    return 'its info must be an object with version, device, gpu and maxThreads'
  const { version, device, gpu, maxThreads, isolation } = info as Readonly<Record<keyof EngineInfo, unknown>>
  if (typeof version !== 'string') return 'its info.version must be text: it tells results of different versions apart'
  if (typeof device !== 'string') return 'its info.device must be text'
  if (typeof gpu !== 'boolean') return 'its info.gpu must be true or false'
  if (typeof maxThreads !== 'number' || !(maxThreads >= 1))
    return 'its info.maxThreads must be a number of at least 1, or Infinity'
  if (isolation === undefined || isolation === 'thread' || isolation === 'process') return null
  return 'its info.isolation must be "thread" or "process", or be left out'
}

/** A convolution and a head: as small as a network can be. */
const smallest: NetworkSpec = {
  classes: 2,
  nodes: [
    { channels: 1, height: 4, width: 4 },
    { channels: 2, height: 4, width: 4 },
  ],
  edges: [{ op: 'conv', name: 'only', from: 0, to: 1, kernel: 3, stride: 1, relu: true, batchNorm: true }],
  head: { node: 1 },
  cuts: [{ name: 'head', node: 1 }],
}

/** The first function that networks of the engine lack. @throws whatever goes wrong in a training step. */
function tryTraining(engine: Engine): string | undefined {
  const network = engine.create(smallest, initialWeights(smallest, createRng('own engine')))
  const missing = missingFunction(network, functions)
  if (missing !== undefined) return missing
  const images = Float32Array.from({ length: 2 * 16 }, (_, i) => Math.sin(i))
  const step = { learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0, clipNorm: null }
  const { loss, correct } = network.trainStep({ images, labels: Int32Array.of(0, 1), count: 2 }, step)
  network.dispose()
  if (Number.isFinite(loss) && Number.isInteger(correct)) return undefined
  throw new TypeError(`a training step must give a loss and a count of correct images, got ${loss} and ${correct}`)
}
