import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { tinySetup, tinyTask } from '../../src/conformance/executor/tiny-setup.js'
import { createPiscinaExecutor } from '../../src/execution/piscina-pool.js'
import { createProcessPoolExecutor } from '../../src/execution/process-pool.js'
import { checkSameEngine, SameCode } from '../../src/execution/worker-code.js'
import { workerFile } from '../../src/execution/worker-file.js'
import { WorkerStartError } from '../../src/execution/worker-lost.js'
import { programDigest, readProgramDigest } from '../../src/platform/program-digest.js'
import { copyPackage } from '../support/package-copy.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const root = copyPackage(path.join(temporaryFolder('worker-code'), 'package'))

/** Changes a file of the copy; what is returned undoes it. */
function extend(file: string): () => void {
  const [changed, bytes] = [path.join(root, file), readFileSync(path.join(root, file))]
  appendFileSync(changed, '\n')
  return () => writeFileSync(changed, bytes)
}

/** Takes a folder out of the copy, likewise. */
function hide(folder: string): () => void {
  const [there, hidden] = [path.join(root, folder), path.join(root, 'hidden')]
  renameSync(there, hidden)
  return () => renameSync(hidden, there)
}

/** Without the addon, which the copies do not have. */
const setup = await tinySetup('wasm')
const faulty = (fault: string) => tinyTask(1, { architecture: `${tinyTask(1).architecture} ! ${fault}` })
const changed = /fear-nas installed in .* has changed since this run started.*: resume\(\) continues/

describe.each([
  ['process', createProcessPoolExecutor, 'faulty-process.mjs', 'kill'],
  ['thread', createPiscinaExecutor, 'faulty-thread.mjs', 'exit'],
] as const)('a %s in place of one that was lost', (_, create, name, fault) => {
  it('goes on with the same program', async () => {
    const program = path.join(root, 'test', 'execution', 'programs', name)
    const pool = await create(setup, { workers: 1, program })
    const before = await pool.evaluate(tinyTask(0))
    expect((await pool.evaluate(faulty(fault))).outcome).toMatchObject({ kind: 'failed', workerLost: true })
    const after = await pool.evaluate(tinyTask(0))
    expect(after.outcome).toMatchObject({ kind: 'scored', score: (before.outcome as { score: number }).score })
    await pool.close()
  })

  it.each([
    ['was changed', () => extend('dist/evaluators/registry.js')],
    ['has another WebAssembly module', () => extend('native/wasm/fear_nas.wasm')],
    ['is being built anew', () => hide('dist/execution')],
  ])('is refused when the program %s, which ends the run and fails no trial', async (_, change) => {
    const program = path.join(root, 'test', 'execution', 'programs', name)
    const pool = await create(setup, { workers: 1, program })
    expect((await pool.evaluate(tinyTask(0))).outcome.kind).toBe('scored')
    const undo = change()
    try {
      // Who is at work goes on with what is loaded.
      expect((await pool.evaluate(tinyTask(0))).outcome.kind).toBe('scored')
      // A process is replaced at the next task, a thread at once.
      const lost = await pool.evaluate(faulty(fault)).catch((error: unknown) => error)
      if (name === 'faulty-thread.mjs') expect(lost).toBeInstanceOf(WorkerStartError)
      const next: unknown = await pool.evaluate(tinyTask(0)).catch((error: unknown) => error)
      expect(next).toBeInstanceOf(WorkerStartError)
      expect((next as Error).message).toMatch(changed)
    } finally {
      await pool.close()
      undo()
    }
  })
})

describe('the code of workers', () => {
  const engine = { name: 'native', version: '1', device: 'avx2', gpu: false, maxThreads: Infinity } as const

  it('is that of the driver, on one engine', () => {
    const same = new SameCode(workerFile())
    const program = programDigest()
    same.check({ engine, program })
    same.check({ engine, program })
    expect(() => same.check({ engine, program: '0123456789abcdef' })).toThrow(changed)
    // A worker of a version that does not report it.
    expect(() => same.check(undefined)).toThrow(changed)
    const other = [{ name: 'wasm' as const }, { version: '2' }, { device: 'avx512' }]
    for (const change of other) {
      expect(() => same.check({ engine: { ...engine, ...change }, program })).toThrow(WorkerStartError)
    }
  })

  it('names both engines where they differ', () => {
    expect(() => checkSameEngine(engine, { ...engine, device: 'avx512' })).toThrow(
      'A worker loaded the engine native 1 (avx512) instead of native 1 (avx2): their trials would not be comparable.',
    )
  })

  it('has a digest of every file that decides results', () => {
    const before = readProgramDigest(root)
    for (const file of ['dist/index.js', 'native/wasm/fear_nas.wasm', 'package.json']) {
      const undo = extend(file)
      expect(readProgramDigest(root)).not.toBe(before)
      undo()
      expect(readProgramDigest(root)).toBe(before)
    }
  })
})
