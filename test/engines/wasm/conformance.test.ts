import { describeEngine } from '../../../src/conformance/engine/describe-engine.js'
import { loadWasmEngine } from '../../../src/engines/wasm/wasm-engine.js'

describeEngine('wasm', loadWasmEngine, { fuzzRuns: 1000 })
