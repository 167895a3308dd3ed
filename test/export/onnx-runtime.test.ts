import { expect, it } from 'vitest'
import { conformanceNetworks } from '../../src/conformance/engine/networks.js'
import { loadEngine } from '../../src/engines/registry.js'
import { onnx } from '../../src/export/onnx/index.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { checkInPython, hasPython } from './in-python.js'

const runs = hasPython(['numpy', 'onnx', 'onnxruntime'], 'exported ONNX files in ONNX Runtime and onnx.checker')

it.runIf(runs)('ONNX Runtime predicts what the engine does, and onnx.checker passes', async () => {
  const checks = await checkInPython(onnx, 'run_onnx.py', temporaryFolder('onnx-runtime'), await loadEngine('wasm'))
  expect(checks).toHaveLength(conformanceNetworks.size)
  expect(checks.map(({ equalPredictions }) => equalPredictions)).toEqual(checks.map(({ images }) => images))
  expect(Math.max(...checks.map(({ largestLogitDifference }) => largestLogitDifference))).toBeLessThan(1e-5)
})
