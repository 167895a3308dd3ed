import { appendFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { createPiscinaExecutor } from '../../src/execution/piscina-pool.js'
import { createProcessPoolExecutor } from '../../src/execution/process-pool.js'
import { checkSameEngine, SameCode } from '../../src/execution/worker-code.js'
import { workerFile } from '../../src/execution/worker-file.js'
import { WorkerStartError } from '../../src/execution/worker-lost.js'
import { programDigest, readProgramDigest } from '../../src/platform/program-digest.js'
import { copyPackage } from '../support/package-copy.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { tinySetup, tinyTask } from './tiny-setup.js'

const folder = temporaryFolder('worker-code')
let copies = 0
const newCopy = (): string => copyPackage(path.join(folder, String(copies++)))

/** Without the addon, which the copies do not have. */
const setup = await tinySetup('wasm')
const faulty = (fault: string) => tinyTask(1, { architecture: `${tinyTask(1).architecture} ! ${fault}` })
const changed = /fear-nas installed in .* was changed since this run was started.*fear-nas resume goes on/

describe.each([
  ['process', createProcessPoolExecutor, 'faulty-process.mjs', 'kill'],
  ['thread', createPiscinaExecutor, 'faulty-thread.mjs', 'exit'],
] as const)('a %s in place of one that was lost', (_, create, name, fault) => {
  it('goes on with the same program', async () => {
    const root = newCopy()
    const program = path.join(root, 'test', 'execution', 'programs', name)
    const pool = await create(setup, { workers: 1, program })
    const before = await pool.evaluate(tinyTask(0))
    expect((await pool.evaluate(faulty(fault))).outcome).toMatchObject({ kind: 'failed', workerLost: true })
    const after = await pool.evaluate(tinyTask(0))
    expect(after.outcome).toMatchObject({ kind: 'scored', score: (before.outcome as { score: number }).score })
    await pool.close()
  })

  it.each([
    ['was changed', (root: string) => appendFileSync(path.join(root, 'dist/evaluators/registry.js'), '\n// changed\n')],
    ['has another module', (root: string) => appendFileSync(path.join(root, 'native/wasm/fear_nas.wasm'), '\0')],
    ['is being built anew', (root: string) => rmSync(path.join(root, 'dist', 'execution'), { recursive: true })],
  ])('is refused when the program %s, which ends the run and fails no trial', async (_, change) => {
    const root = newCopy()
    const program = path.join(root, 'test', 'execution', 'programs', name)
    const pool = await create(setup, { workers: 1, program })
    expect((await pool.evaluate(tinyTask(0))).outcome.kind).toBe('scored')
    change(root)
    // Who is at work goes on with what is loaded.
    expect((await pool.evaluate(tinyTask(0))).outcome.kind).toBe('scored')
    // The loss itself is a process's own, and a thread is replaced at once.
    const lost = await pool.evaluate(faulty(fault)).catch((error: unknown) => error)
    if (name === 'faulty-thread.mjs') expect(lost).toBeInstanceOf(WorkerStartError)
    const next: unknown = await pool.evaluate(tinyTask(0)).catch((error: unknown) => error)
    expect(next).toBeInstanceOf(WorkerStartError)
    expect((next as Error).message).toMatch(changed)
    await pool.close()
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
    // Of a version that does not say.
    expect(() => same.check(undefined)).toThrow(changed)
    const other = [{ name: 'wasm' as const }, { version: '2' }, { device: 'avx512' }]
    for (const change of other) {
      expect(() => same.check({ engine: { ...engine, ...change }, program })).toThrow(WorkerStartError)
    }
  })

  it('names both engines where they differ', () => {
    expect(() => checkSameEngine(engine, { ...engine, device: 'avx512' })).toThrow(
      'A worker has the engine native 1 (avx512) where native 1 (avx2) is expected, so their trials would not compare.',
    )
  })

  it('has a digest of every file that decides results', () => {
    const root = newCopy()
    const digests = [readProgramDigest(root)]
    for (const file of ['dist/index.js', 'native/wasm/fear_nas.wasm', 'package.json']) {
      appendFileSync(path.join(root, file), '\n')
      digests.push(readProgramDigest(root))
    }
    expect(new Set(digests).size).toBe(4)
    expect(readProgramDigest(root)).toBe(digests[3])
  })
})
