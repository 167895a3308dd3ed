import { createProcessPoolExecutor } from '../../../dist/execution/process-pool.js'

/** A driver with two worker processes, which is sent what to do and starts a trial that takes for ever. */
process.once('message', async ({ setup, task, program }) => {
  const pool = await createProcessPoolExecutor(setup, { workers: 2, program })
  await pool.evaluate(task)
})
