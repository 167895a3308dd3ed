import type { Clock } from '../../platform/clock.js'
import type { KernelLibrary, NetworkHandle } from '../compiled/kernel-library.js'
import type { EnginePhases } from '../engine.js'
import { type Address, type WasmExports, webAssembly } from './exports.js'
import { Transfer } from './transfer.js'

/**
 * The compiled networks of one WebAssembly instance. Arrays are copied into its memory and back. That memory grows as
 * needed, up to 4 GiB, and is freed with the instance by garbage collection.
 */
export class WasmLibrary implements KernelLibrary {
  readonly #exports: WasmExports
  readonly #addresses = new WeakMap<NetworkHandle, Address>()
  readonly #forgotten: FinalizationRegistry<Address>
  readonly #phaseNames: readonly string[]
  /** Why the instance cannot be used any more; null if it can. */
  #crash: string | null = null

  constructor(module: object, clock: Clock) {
    const imports = {
      fear_nas: {
        throw_error: (message: Address, messageBytes: number, code: Address, codeBytes: number): never => {
          const error = new Error(this.#text(message, messageBytes))
          throw codeBytes === 0 ? error : Object.assign(error, { code: this.#text(code, codeBytes) })
        },
        now: () => clock.now(),
      },
    }
    const { Instance } = webAssembly()
    this.#exports = new Instance(module, imports).exports as WasmExports
    this.#exports._initialize()
    this.#forgotten = new FinalizationRegistry((network) => {
      if (this.#crash === null) this.#exports.dispose(network)
    })
    this.#phaseNames = Array.from({ length: this.#exports.phase_count() }, (_, phase) =>
      this.#text(this.#exports.phase_name(phase)),
    )
  }

  /** Bytes of the instance's memory. */
  memorySize(): number {
    return this.#exports.memory.buffer.byteLength
  }

  instructionSets(): string {
    return this.#text(this.#exports.instruction_set())
  }

  create(plan: Int32Array, instructionSet: string): NetworkHandle {
    const known = this.instructionSets()
    if (instructionSet !== known) throw new Error(`there is no instruction set "${instructionSet}", only ${known}`)
    const network = this.#call((arrays) => this.#exports.create(...arrays.read(plan)))
    const handle = Object.freeze({}) as NetworkHandle
    this.#addresses.set(handle, network)
    this.#forgotten.register(handle, network, handle)
    return handle
  }

  dispose(handle: NetworkHandle): void {
    const network = this.#addresses.get(handle)
    if (network === undefined) return
    this.#addresses.delete(handle)
    this.#forgotten.unregister(handle)
    if (this.#crash === null) this.#call(() => this.#exports.dispose(network))
  }

  setWeights(handle: NetworkHandle, parameters: Float32Array, means: Float32Array, variances: Float32Array): void {
    const network = this.#network(handle)
    this.#call((arrays) =>
      this.#exports.set_weights(network, ...arrays.read(parameters), ...arrays.read(means), ...arrays.read(variances)),
    )
  }

  getWeights(handle: NetworkHandle, parameters: Float32Array, means: Float32Array, variances: Float32Array): void {
    const network = this.#network(handle)
    this.#call((arrays) =>
      this.#exports.get_weights(network, ...arrays.fill(parameters), ...arrays.fill(means), ...arrays.fill(variances)),
    )
  }

  getMomentum(handle: NetworkHandle, momentum: Float32Array): void {
    const network = this.#network(handle)
    this.#call((arrays) => this.#exports.get_momentum(network, ...arrays.fill(momentum)))
  }

  setMomentum(handle: NetworkHandle, momentum: Float32Array): void {
    const network = this.#network(handle)
    this.#call((arrays) => this.#exports.set_momentum(network, ...arrays.read(momentum)))
  }

  freeze(handle: NetworkHandle, node: number, batchStatistics: boolean): void {
    const network = this.#network(handle)
    this.#call(() => this.#exports.freeze(network, node, Number(batchStatistics)))
  }

  trainStep(
    handle: NetworkHandle,
    node: number,
    values: Float32Array,
    labels: Int32Array,
    count: number,
    options: Float64Array,
    result: Float64Array,
  ): void {
    const network = this.#network(handle)
    this.#call((arrays) =>
      this.#exports.train_step(
        network,
        node,
        ...arrays.read(values),
        ...arrays.read(labels),
        count,
        ...arrays.read(options),
        ...arrays.fill(result),
      ),
    )
  }

  evaluate(
    handle: NetworkHandle,
    node: number,
    values: Float32Array,
    labels: Int32Array,
    count: number,
    result: Float64Array,
  ): void {
    const network = this.#network(handle)
    this.#call((arrays) =>
      this.#exports.evaluate(
        network,
        node,
        ...arrays.read(values),
        ...arrays.read(labels),
        count,
        ...arrays.fill(result),
      ),
    )
  }

  logits(handle: NetworkHandle, images: Float32Array, count: number, logits: Float32Array): void {
    const network = this.#network(handle)
    this.#call((arrays) => this.#exports.logits(network, ...arrays.read(images), count, ...arrays.fill(logits)))
  }

  gradients(
    handle: NetworkHandle,
    images: Float32Array,
    labels: Int32Array,
    count: number,
    gradients: Float32Array,
  ): void {
    const network = this.#network(handle)
    this.#call((arrays) =>
      this.#exports.gradients(
        network,
        ...arrays.read(images),
        ...arrays.read(labels),
        count,
        ...arrays.fill(gradients),
      ),
    )
  }

  features(
    handle: NetworkHandle,
    node: number,
    images: Float32Array,
    count: number,
    batchStatistics: boolean,
    features: Float32Array,
  ): void {
    const network = this.#network(handle)
    this.#call((arrays) =>
      this.#exports.features(
        network,
        node,
        ...arrays.read(images),
        count,
        Number(batchStatistics),
        ...arrays.fill(features),
      ),
    )
  }

  probe(
    handle: NetworkHandle,
    images: Float32Array,
    labels: Int32Array,
    count: number,
    crossEntropy: boolean,
    bypass: boolean,
    parameters: Float32Array,
    inputs: Float32Array,
    outputs: Float32Array,
  ): number {
    const network = this.#network(handle)
    return this.#call((arrays) =>
      this.#exports.probe(
        network,
        ...arrays.read(images),
        ...arrays.read(labels),
        count,
        Number(crossEntropy),
        Number(bypass),
        ...arrays.fill(parameters),
        ...arrays.fill(inputs),
        ...arrays.fill(outputs),
      ),
    )
  }

  gradientsNear(
    handle: NetworkHandle,
    images: Float32Array,
    labels: Int32Array,
    count: number,
    points: Float32Array,
    gradients: Float32Array,
  ): void {
    const network = this.#network(handle)
    this.#call((arrays) =>
      this.#exports.gradients_near(
        network,
        ...arrays.read(images),
        ...arrays.read(labels),
        count,
        ...arrays.read(points),
        ...arrays.fill(gradients),
      ),
    )
  }

  memoryBytes(handle: NetworkHandle): number {
    const network = this.#network(handle)
    return this.#call(() => this.#exports.memory_bytes(network))
  }

  phases(handle: NetworkHandle): EnginePhases {
    const network = this.#network(handle)
    return Object.fromEntries(
      this.#phaseNames.map((name, phase) => [name, this.#exports.phase_seconds(network, phase)]),
    )
  }

  #network(handle: NetworkHandle): Address {
    const network = this.#addresses.get(handle)
    if (network === undefined) throw new Error('the network has been disposed of')
    return network
  }

  /** Makes a call with its arrays. After an error the instance is unchanged; after a crash it is unusable. */
  #call<T>(body: (arrays: Transfer) => T): T {
    if (this.#crash !== null)
      throw new Error(`the WebAssembly engine has crashed (${this.#crash}): restart the process`)
    const stack = this.#exports.__stack_pointer.value
    const arrays = new Transfer(this.#exports)
    try {
      const value = body(arrays)
      arrays.copyBack()
      return value
    } catch (error) {
      // Leaving a function by an error does not reset its stack.
      this.#exports.__stack_pointer.value = stack
      if (error instanceof webAssembly().RuntimeError) this.#crash = error.message
      throw error
    } finally {
      if (this.#crash === null) arrays.release()
    }
  }

  /** UTF-8 of `bytes`, or up to a zero. */
  #text(address: Address, bytes?: number): string {
    const memory = new Uint8Array(this.#exports.memory.buffer)
    const end = bytes === undefined ? memory.indexOf(0, address) : address + bytes
    return new TextDecoder().decode(memory.subarray(address, end))
  }
}
