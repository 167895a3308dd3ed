import type { NetworkSpec } from '../../networks/network-spec.js'
import type { NetworkWeights } from '../../networks/weights.js'
import type { Engine, EngineInfo, EngineLimits, EngineName } from '../engine.js'
import { CompiledNetwork } from './compiled-network.js'
import type { KernelLibrary } from './kernel-library.js'

/** Larger offsets are refused by native/network/plan.cpp. */
const mostParameters = 2 ** 28

/** The engine on a library of compiled kernels: one thread per network, and any number of threads. */
export class CompiledEngine implements Engine {
  readonly name: EngineName
  readonly info: EngineInfo
  readonly limits: EngineLimits
  readonly #library: KernelLibrary

  constructor(name: EngineName, library: KernelLibrary, instructionSet: string, networkBytes = Infinity) {
    this.name = name
    this.limits = { parameters: mostParameters, networkBytes }
    this.#library = library
    this.info = { version: '1', device: instructionSet, gpu: false, maxThreads: Number.POSITIVE_INFINITY }
  }

  create(spec: NetworkSpec, weights: NetworkWeights): CompiledNetwork {
    return new CompiledNetwork(this.#library, this.info.device, spec, weights)
  }
}
