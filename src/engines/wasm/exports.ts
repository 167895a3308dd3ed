import { EngineError } from '../../platform/errors.js'

/** An address in the module's memory; 0 is null. */
export type Address = number

/** Arguments in the order of native/wasm/binding.cpp; an array is its address and its length. */
type Arguments = readonly number[]

/** The exports of native/wasm/binding.cpp. Its functions throw the errors created by `throw_error` below. */
export interface WasmExports {
  readonly memory: { readonly buffer: ArrayBuffer }
  readonly __stack_pointer: { value: number }
  readonly _initialize: () => void
  readonly allocate: (bytes: number) => Address
  readonly release: (address: Address) => void
  readonly instruction_set: () => Address
  readonly create: (plan: Address, length: number) => Address
  readonly dispose: (network: Address) => void
  readonly set_weights: (network: Address, ...rest: Arguments) => void
  readonly get_weights: (network: Address, ...rest: Arguments) => void
  readonly get_momentum: (network: Address, ...rest: Arguments) => void
  readonly set_momentum: (network: Address, ...rest: Arguments) => void
  readonly freeze: (network: Address, node: number, batchStatistics: number) => void
  readonly train_step: (network: Address, node: number, ...rest: Arguments) => void
  readonly evaluate: (network: Address, node: number, ...rest: Arguments) => void
  readonly logits: (network: Address, ...rest: Arguments) => void
  readonly gradients: (network: Address, ...rest: Arguments) => void
  readonly gradients_near: (network: Address, ...rest: Arguments) => void
  readonly probe: (network: Address, ...rest: Arguments) => number
  readonly features: (network: Address, node: number, ...rest: Arguments) => void
  readonly memory_bytes: (network: Address) => number
  readonly phase_count: () => number
  readonly phase_name: (phase: number) => Address
  readonly phase_seconds: (network: Address, phase: number) => number
}

/** The imports of the module, by module name. */
export interface WasmImports {
  readonly fear_nas: {
    readonly throw_error: (message: Address, messageBytes: number, code: Address, codeBytes: number) => never
    readonly now: () => number
  }
}

/** The part of the WebAssembly API that is used here; TypeScript declares the API for browsers only. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object, imports: WasmImports) => { readonly exports: unknown }
  readonly RuntimeError: new () => Error
  readonly validate: (bytes: Uint8Array) => boolean
}

/** @throws EngineError if WebAssembly is disabled in Node. */
export function webAssembly(): WebAssemblyApi {
  const { WebAssembly } = globalThis as unknown as { readonly WebAssembly?: WebAssemblyApi }
  if (WebAssembly === undefined) throw new EngineError('this Node runs without WebAssembly: start it without --jitless')
  return WebAssembly
}
