import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { conformanceNetworks } from '../../src/conformance/engine/networks.js'
import { loadEngine } from '../../src/engines/registry.js'
import { checkExport } from '../../src/export/check-export.js'
import { exportFormats, findExportFormat } from '../../src/export/registry.js'
import { ConfigError } from '../../src/platform/errors.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { imagesOf, originalOf, portableOf } from './portable.js'

// PyTorch in Python is a test of its own: a process for each network would take minutes.
vi.stubEnv('FEAR_NAS_PYTHON', '/no/python')
const engine = await loadEngine('wasm')

describe.each(exportFormats.map((format) => [format.name, format] as const))('the format %s', (_, format) => {
  it.each([...conformanceNetworks])('reads what it wrote: %s', async (_, spec) => {
    const network = portableOf(spec)
    const folder = temporaryFolder('formats')
    for (const [name, bytes] of Object.entries(format.files(network))) writeFileSync(path.join(folder, name), bytes)
    const opened = format.open(folder, network)
    const check = await checkExport(opened, originalOf(network, engine), imagesOf(spec))
    opened.close?.()
    expect(check).toMatchObject({ images: 9, equalPredictions: 9, engine: 'wasm' })
    expect(check.largestLogitDifference).toBeLessThan(2e-6 * Math.max(1, check.largestLogit))
    expect(check.largestLogit).toBeGreaterThan(0.01)
  })

  it('writes the same bytes every time, names its files in its README, and keeps to them', () => {
    const network = portableOf([...conformanceNetworks.values()][0] as never)
    const files = format.files(network)
    expect(format.files(network)).toEqual(files)
    for (const name of Object.keys(files)) expect(format.usage(network)).toContain(name)
  })
})

it('of another name is refused, and the formats are listed', () => {
  expect(() => findExportFormat('onxx')).toThrow(ConfigError)
  expect(() => findExportFormat('onxx')).toThrow('There is no export format "onxx"; did you mean onnx? (formats: onnx')
})
