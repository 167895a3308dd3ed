import { createPiscinaExecutor } from '../../../dist/execution/piscina-pool.js'
import { createProcessPoolExecutor } from '../../../dist/execution/process-pool.js'
import { RetryingExecutor } from '../../../dist/execution/retrying-executor.js'

/**
 * A driver whose one trial never ends by itself. It tells when the trial has begun to learn, ends it when asked to, and
 * tells what became of it.
 */
process.once('message', async ({ setup, isolation, task, graceSeconds }) => {
  const create = isolation === 'process' ? createProcessPoolExecutor : createPiscinaExecutor
  const executor = new RetryingExecutor(await create(setup, { workers: 1, graceSeconds }))
  const channel = executor.openChannel({ epochs: 'sum' }, 1)
  const running = executor.evaluate({ ...task, budget: { limits: { epochs: 1e9 } }, channel: channel.join().ref })
  const watch = setInterval(() => {
    if (channel.read('epochs') === 0) return
    clearInterval(watch)
    process.send({ kind: 'running' })
  }, 5)
  process.once('message', () => channel.abort())
  const { outcome } = await running
  clearInterval(watch)
  process.send({ kind: 'ended', outcome })
  await executor.close()
  process.disconnect()
})
