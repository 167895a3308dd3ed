import { appendFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { tinySetup, tinyTask } from '../../src/conformance/executor/tiny-setup.js'
import type { EvaluationTask } from '../../src/execution/executor.js'
import { createPiscinaExecutor } from '../../src/execution/piscina-pool.js'
import { createProcessPoolExecutor } from '../../src/execution/process-pool.js'
import { ConfigError } from '../../src/platform/errors.js'
import { moduleFile, moduleHashes } from '../../src/platform/parts/module-file.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const module = path.join(temporaryFolder('recorded-modules'), 'mine.cjs')
/** Scores every architecture alike. */
const constant = `exports.default = ({ score }) => ({
  name: 'constant',
  evaluate() {
    const cost = { computeSeconds: 0, trainingFlops: 0, steps: 0, epochs: 0 }
    const accuracies = { trainAccuracy: null, validationAccuracy: null }
    return { outcome: { kind: 'scored', score, metric: 'table', ...accuracies, cost, phases: {} } }
  },
})
`
writeFileSync(module, constant)

const setup = { ...(await tinySetup()), modules: moduleHashes([module]) }
const faulty = (fault: string) => tinyTask(1, { architecture: `${tinyTask(1).architecture} ! ${fault}` })
const own: EvaluationTask = tinyTask(0, { evaluator: { name: 'module', module, settings: { score: 3 } } })
const shortHash = () => moduleFile(module)?.sha256.slice(0, 12)

describe.each([
  ['process', createProcessPoolExecutor, 'faulty-process.mjs', 'kill'],
  ['thread', createPiscinaExecutor, 'faulty-thread.mjs', 'exit'],
] as const)('a %s in place of one that was lost', (_, create, name, fault) => {
  const program = fileURLToPath(new URL(`./programs/${name}`, import.meta.url))

  it('loads the modules of the run again, and refuses one that has changed', async () => {
    const pool = await create(setup, { workers: 1, program })
    const loseWorker = async () =>
      expect((await pool.evaluate(faulty(fault))).outcome).toMatchObject({ kind: 'failed', workerLost: true })
    const recorded = shortHash()
    await loseWorker()
    expect((await pool.evaluate(tinyTask(0))).outcome.kind).toBe('scored')
    appendFileSync(module, '// edited\n')
    try {
      // It was loaded when the worker started.
      expect((await pool.evaluate(own)).outcome).toMatchObject({ kind: 'scored', score: 3 })
      await loseWorker()
      for (const task of [own, tinyTask(0)]) {
        const error: unknown = await pool.evaluate(task).catch((reason: unknown) => reason)
        expect(error).toBeInstanceOf(ConfigError)
        expect((error as ConfigError).message).toContain(
          `The module ${module} (${module}) has changed since this run started (sha256 then: ${recorded}, now: ${shortHash()})`,
        )
      }
    } finally {
      writeFileSync(module, constant)
      await pool.close()
    }
  })
})
