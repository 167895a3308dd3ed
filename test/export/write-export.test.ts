import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { conformanceNetworks } from '../../src/conformance/engine/networks.js'
import { loadEngine } from '../../src/engines/registry.js'
import type { ExportFormat } from '../../src/export/export-format.js'
import { onnx } from '../../src/export/onnx/index.js'
import { writeExport } from '../../src/export/write-export.js'
import type { NetworkSpec } from '../../src/networks/network-spec.js'
import { ExportError, RunDirectoryError } from '../../src/platform/errors.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { imagesOf, originalOf, portableOf } from './portable.js'

const engine = await loadEngine('wasm')
const spec = conformanceNetworks.get('average pool 3x3') as NetworkSpec
const network = { ...portableOf(spec), classNames: ['a|b', 'c`d', 'e', 'f', 'g\nh'] }

function write(
  directory: string,
  { format = onnx, replace = false }: { format?: ExportFormat; replace?: boolean } = {},
) {
  return writeExport(format, network, originalOf(network, engine), imagesOf(spec), { directory, replace })
}

/** Writes the weights of another network. */
const wrong: ExportFormat = {
  ...onnx,
  files: (given) =>
    onnx.files({ ...given, weights: { ...given.weights, parameters: given.weights.parameters.map((w) => w + 0.01) } }),
}

describe('writing an export', () => {
  it('makes the folder, with a README that says how it was checked', async () => {
    const parent = temporaryFolder('export')
    const directory = path.join(parent, 'deep', 'model')
    const written = await write(directory)
    expect(written).toMatchObject({ directory, files: ['model.onnx', 'README.md'], check: { equalPredictions: 9 } })
    expect(readdirSync(directory).toSorted()).toEqual(['README.md', 'model.onnx'])
    expect(readdirSync(path.dirname(directory))).toEqual(['model'])
    const readme = readFileSync(path.join(directory, 'README.md'), 'utf8')
    expect(readme).toContain('| classes | `a\\|b`, `` c`d ``, `e`, `f`, `g h` |')
    expect(readme).toContain('| licence | `CC0-1.0` |')
    expect(readme).toContain('on 9 images of noise: 9 of 9 predictions equal those of the wasm engine.')
  })

  it('leaves nothing where predictions differ', async () => {
    const parent = temporaryFolder('export')
    const failing = write(path.join(parent, 'model'), { format: wrong })
    await expect(failing).rejects.toThrow(ExportError)
    await expect(failing).rejects.toThrow('ONNX: The exported network is not the original')
    expect(readdirSync(parent)).toEqual([])
  })

  it('touches no file of an earlier export that it may not replace, or cannot', async () => {
    const directory = temporaryFolder('export')
    writeFileSync(path.join(directory, 'model.onnx'), 'mine')
    await expect(write(directory)).rejects.toThrow(RunDirectoryError)
    await expect(write(directory)).rejects.toThrow('already holds files. Name another folder')
    await expect(write(directory, { format: wrong, replace: true })).rejects.toThrow(ExportError)
    expect(readFileSync(path.join(directory, 'model.onnx'), 'utf8')).toBe('mine')
  })

  it('replaces files if it may, and keeps the others', async () => {
    const directory = temporaryFolder('export')
    for (const name of ['model.onnx', 'notes.txt']) writeFileSync(path.join(directory, name), 'mine')
    await write(directory, { replace: true })
    expect(readFileSync(path.join(directory, 'notes.txt'), 'utf8')).toBe('mine')
    expect(readFileSync(path.join(directory, 'model.onnx'), 'utf8')).not.toBe('mine')
  })

  it('uses an empty folder, and refuses a file', async () => {
    const parent = temporaryFolder('export')
    mkdirSync(path.join(parent, 'empty'))
    await write(path.join(parent, 'empty'))
    expect(existsSync(path.join(parent, 'empty', 'model.onnx'))).toBe(true)
    writeFileSync(path.join(parent, 'file'), '')
    await expect(write(path.join(parent, 'file'))).rejects.toThrow('is a file. Name a folder')
    await expect(write(path.join(parent, 'file', 'model'))).rejects.toThrow('cannot be written')
  })

  it('removes what a killed export of the same name left, but nothing of a living one', async () => {
    const parent = temporaryFolder('export')
    const directory = path.join(parent, 'model')
    const module = pathToFileURL('dist/export/unfinished.js').href
    const program = `const { beginExport } = await import('${module}')
      for (const name of ['model', 'model-2']) console.log(beginExport(name).folder)
      setInterval(() => {}, 1000)`
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      cwd: parent,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let printed = ''
    for await (const text of child.stdout) {
      printed += text
      if (printed.trim().split('\n').length === 2) break
    }
    const [left = '', ofAnother = ''] = printed.trim().split('\n')
    await write(directory)
    expect(existsSync(left)).toBe(true)
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
    await write(directory, { replace: true })
    expect(readdirSync(parent).toSorted()).toEqual(['model', path.basename(ofAnother)].toSorted())
    expect(readdirSync(directory).toSorted()).toEqual(['README.md', 'model.onnx'])
  })
})
