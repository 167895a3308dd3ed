import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { loadTensorflowEngine } from '../../../src/engines/tfjs/tensorflow-engine.js'
import { EngineError } from '../../../src/platform/errors.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

let folder = ''

beforeEach(() => {
  folder = temporaryFolder('tfjs')
  vi.stubEnv('FEAR_NAS_TFJS_NODE', folder)
})

afterEach(() => vi.unstubAllEnvs())

/** Installs a package with this program. */
function install(name: string, program: string): void {
  const directory = path.join(folder, 'node_modules', '@tensorflow', name)
  mkdirSync(directory, { recursive: true })
  writeFileSync(path.join(directory, 'package.json'), JSON.stringify({ name: `@tensorflow/${name}`, main: 'index.js' }))
  writeFileSync(path.join(directory, 'index.js'), program)
}

async function complaint(): Promise<string> {
  const error: unknown = await loadTensorflowEngine().catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(EngineError)
  return (error as Error).message
}

describe('where the tensorflow engine cannot be loaded, one line says', () => {
  it('that the folder it is to be in does not have it', async () => {
    expect(await complaint()).toBe(
      `FEAR_NAS_TFJS_NODE is ${folder}, but that folder holds neither @tensorflow/tfjs-node-gpu nor @tensorflow/tfjs-node`,
    )
  })

  it('what the package complains of', async () => {
    install('tfjs-node', 'throw new Error("libtensorflow.so.2: cannot open shared object file\\nand more")')
    expect(await complaint()).toBe(
      '@tensorflow/tfjs-node does not load: libtensorflow.so.2: cannot open shared object file. ' +
        'Install it again with: make setup-tensorflow',
    )
  })

  it('what both packages complain of', async () => {
    install('tfjs-node', 'throw new Error("no addon")')
    install('tfjs-node-gpu', 'throw new Error("no CUDA")')
    const message = await complaint()
    expect(message).toContain('@tensorflow/tfjs-node does not load: no addon')
    expect(message).toContain('@tensorflow/tfjs-node-gpu does not load: no CUDA')
  })
})
