/*
 * Calls every function of the addon with arguments of every kind, thousands of times: it must throw an Error or do what
 * it says, and never crash, which only a process of its own can show.
 *
 *   node raw-calls.mjs ADDON PLAN SEED CALLS
 *
 * PLAN is a good plan, its integers separated by commas. Prints how many calls threw and how many did not, as JSON.
 */
import { createRequire } from 'node:module'

const [addonPath, planText, seed, calls] = process.argv.slice(2)
const addon = createRequire(import.meta.url)(addonPath)
const plan = Int32Array.from(planText.split(','), Number)
const instructionSets = addon.instructionSets().split(',')

/** A linear congruential generator: this program imports nothing. */
let state = BigInt(seed)
function random(n) {
  state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn
  return Number((state >> 33n) % BigInt(n))
}
const pick = (values) => values[random(values.length)]

const [channels, height, width] = plan.subarray(7)
const classes = plan[1]
const sizes = learnSizes()
const outputs = classes + convolvedChannels()

/** Channels of all convolutions' outputs. */
function convolvedChannels() {
  const firstEdge = 7 + 3 * plan[2]
  let sum = 0
  for (let at = firstEdge; at < plan.length; at += 9) if (plan[at] === 0) sum += plan[7 + 3 * plan[at + 2]]
  return sum
}

/** The lengths of the weights, which the addon tells when they are wrong. */
function learnSizes() {
  const handle = addon.create(plan, '')
  const none = new Float32Array(0)
  const told = (parameters, means) => {
    try {
      addon.getWeights(handle, parameters, means, none)
    } catch (error) {
      return Number(/must hold (\d+)/.exec(error.message)[1])
    }
    throw new Error('no weights are too few')
  }
  const parameters = told(none, none)
  const statistics = told(new Float32Array(parameters), none)
  addon.dispose(handle)
  return { parameters, statistics }
}

const handles = []
function handle() {
  if (handles.length < 6) handles.push(addon.create(plan, pick(instructionSets)))
  return random(12) === 0 ? handles.splice(random(handles.length), 1)[0] : pick(handles)
}

const floats = (length) => new Float32Array(length).fill(pick([0, 1, -1, 1e30, Number.NaN, Number.POSITIVE_INFINITY]))
const goodCount = () => 1 + random(19)
function batch(node) {
  const count = goodCount()
  const [c, h, w] = plan.subarray(7 + 3 * node)
  return [floats(count * c * h * w), new Int32Array(count).fill(random(classes)), count]
}
const weights = () => [floats(sizes.parameters), floats(sizes.statistics), floats(sizes.statistics)]
const options = () => Float64Array.of(pick([0, 0.1, -1, Number.NaN, 1e300]), 0.9, 1, 5e-4, pick([5, 0, -1, Infinity]))
const cut = () => random(plan[4] + 1)

/** Arguments that each function takes. */
const good = {
  instructionSets: () => [],
  create: () => [plan, pick([...instructionSets, ''])],
  dispose: () => [handle()],
  setWeights: () => [handle(), ...weights()],
  getWeights: () => [handle(), ...weights()],
  getMomentum: () => [handle(), floats(sizes.parameters)],
  setMomentum: () => [handle(), floats(sizes.parameters)],
  freeze: () => [handle(), cut(), pick([true, false])],
  trainStep: () => {
    const node = pick([0, 0, cut()])
    return [handle(), node, ...batch(node), options(), new Float64Array(2)]
  },
  evaluate: () => {
    const node = pick([0, 0, cut()])
    return [handle(), node, ...batch(node), new Float64Array(2)]
  },
  logits: () => {
    const [images, , count] = batch(0)
    return [handle(), images, count, floats(count * classes)]
  },
  gradients: () => [handle(), ...batch(0), floats(sizes.parameters)],
  gradientsNear: () => {
    const values = pick([1, 2]) * sizes.parameters
    return [handle(), ...batch(0), floats(values), floats(values)]
  },
  probe: () => {
    const [images, labels, count] = batch(0)
    const wanted = (length) => floats(pick([0, length]))
    const found = [wanted(sizes.parameters), wanted(images.length), wanted(count * outputs)]
    return [handle(), images, labels, count, pick([true, false]), pick([true, false]), ...found]
  },
  features: () => {
    const [images, , count] = batch(0)
    const node = cut()
    const [c, h, w] = plan.subarray(7 + 3 * node)
    return [handle(), node, images, count, pick([true, false]), floats(count * c * h * w)]
  },
  memoryBytes: () => [handle()],
  phases: () => [handle()],
}

function detached(Type) {
  const array = new Type(8)
  structuredClone(null, { transfer: [array.buffer] })
  return array
}

/** Arguments that no function takes, or not in this place. */
const bad = [
  () => undefined,
  () => null,
  () => pick([true, false]),
  () => pick([0, -1, 1.5, 7, Number.NaN, Infinity, 2 ** 31, -(2 ** 31), 2 ** 32, 2 ** 53, 1e300]),
  () => pick(['', 'generic', 'avx2', 'mmx', '\0', 'x'.repeat(100_000), '\ud800']),
  () => 10n ** 30n,
  () => Symbol('raw'),
  () => () => 1,
  () => ({}),
  () => Object.create(null),
  () => new Proxy({}, {}),
  () => new Proxy(new Float32Array(8), {}),
  () => Array.from({ length: random(40) }, () => 1),
  () => new Float32Array(random(400)),
  () => new Float64Array(random(12)),
  () => new Int32Array(random(40)).fill(pick([0, 1, -1, 2 ** 31 - 1])),
  () => new (pick([Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint32Array, BigInt64Array]))(random(40)),
  () => new DataView(new ArrayBuffer(16)),
  () => new ArrayBuffer(random(64)),
  () => new SharedArrayBuffer(random(64)),
  () => new Float32Array(new SharedArrayBuffer(4 * channels * height * width)),
  () => detached(pick([Float32Array, Int32Array, Float64Array])),
  () => new Float32Array(new ArrayBuffer(0, { maxByteLength: 64 })),
  () => new Date(0),
  () => addon,
  handle,
  disposed,
  brokenPlan,
]

function disposed() {
  const one = addon.create(plan, '')
  addon.dispose(one)
  return one
}

/** A good plan with a few numbers changed, or cut short. Small numbers, so that no network is large. */
function brokenPlan() {
  const broken = plan.slice(0, random(4) === 0 ? random(plan.length) : plan.length)
  for (let i = 0; i <= random(4) && broken.length > 0; i++) broken[random(broken.length)] = random(24) - 3
  return broken
}

/** Good arguments of which one is bad, missing, or too many. */
function spoilt(args) {
  const result = [...args]
  if (random(8) === 0) return result.slice(0, random(result.length + 1))
  if (random(8) === 0) result.push(pick(bad)())
  if (result.length > 0) result[random(result.length)] = pick(bad)()
  return result
}

/** Does with a network of a broken plan that was taken all that can be done. */
function exercise(one, itsPlan) {
  handles.push(one)
  const [count, size] = [goodCount(), itsPlan[7] * itsPlan[8] * itsPlan[9]]
  const [images, labels, result] = [floats(count * size), new Int32Array(count), new Float64Array(2)]
  addon.trainStep(one, 0, images, labels, count, options(), result)
  addon.evaluate(one, 0, images, labels, count, result)
  addon.logits(one, images, count, floats(count * itsPlan[1]))
  addon.probe(
    one,
    images,
    labels,
    count,
    pick([true, false]),
    pick([true, false]),
    floats(0),
    images.slice(),
    floats(0),
  )
  addon.freeze(one, random(itsPlan[4] + 1), pick([true, false]))
  addon.trainStep(one, 0, images, labels, count, options(), result)
}

const names = Object.keys(addon)
const missing = names.filter((name) => !(name in good))
if (missing.length > 0) throw new Error(`this program does not know how to call ${missing.join(', ')}`)

const counts = { threw: 0, returned: 0, plansTaken: 0 }
for (let call = 0; call < Number(calls); call++) {
  const name = pick(names)
  const kind = random(10)
  const args = kind === 0 ? Array.from({ length: random(9) }, () => pick(bad)()) : good[name]()
  try {
    if (name === 'create' && kind < 6) {
      const broken = brokenPlan()
      const one = addon.create(broken, '')
      counts.plansTaken++
      exercise(one, broken)
    } else addon[name](...(kind > 0 && kind < 8 ? spoilt(args) : args))
    counts.returned++
  } catch (error) {
    if (!(error instanceof Error) || error.message === '') throw error
    counts.threw++
  }
}
process.stdout.write(`${JSON.stringify(counts)}\n`)
