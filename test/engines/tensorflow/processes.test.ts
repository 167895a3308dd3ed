import { describe } from 'vitest'
import { describeExecutor } from '../../../src/conformance/executor/describe-executor.js'
import { createProcessPoolExecutor } from '../../../src/execution/process-pool.js'
import { cannotLoad } from './why-not.js'

describe.skipIf(await cannotLoad('worker processes on libtensorflow'))('on libtensorflow', () => {
  describeExecutor('of processes', (setup, workers) => createProcessPoolExecutor(setup, { workers }), {
    engine: 'tensorflow',
  })
})
