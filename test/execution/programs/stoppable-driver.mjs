import { createPiscinaExecutor } from '../../../dist/execution/piscina-pool.js'
import { createProcessPoolExecutor } from '../../../dist/execution/process-pool.js'
import { RetryingExecutor } from '../../../dist/execution/retrying-executor.js'
import { SharedBudget } from '../../../dist/execution/shared-budget.js'

/**
 * A driver whose one trial never ends by itself. It tells when the trial has begun to learn, ends it when asked to, and
 * tells what became of it.
 */
process.once('message', async ({ setup, isolation, task, graceSeconds }) => {
  const create = isolation === 'process' ? createProcessPoolExecutor : createPiscinaExecutor
  const executor = new RetryingExecutor(await create(setup, { workers: 1, graceSeconds }))
  const limits = { computeSeconds: Infinity, epochs: Infinity, trainingFlops: Infinity }
  const shared = SharedBudget.create(limits, 1)
  const row = SharedBudget.firstRow
  const running = executor.evaluate({ ...task, budget: { buffer: shared.buffer, row, wallSeconds: Infinity } })
  const watch = setInterval(() => {
    if (shared.running(row).epochs === 0) return
    clearInterval(watch)
    process.send({ kind: 'running' })
  }, 5)
  process.once('message', () => shared.close())
  const { outcome } = await running
  clearInterval(watch)
  process.send({ kind: 'ended', outcome })
  await executor.close()
  process.disconnect()
})
