import { describeExecutor } from '../../src/conformance/executor/describe-executor.js'
import { createInProcessExecutor } from '../../src/execution/in-process.js'

describeExecutor('in-process', (setup) => createInProcessExecutor(setup), {
  skip: [
    {
      law: 'ends a running trial that the driver aborts',
      reason: 'the driver stands still while a trial runs in its thread',
    },
  ],
})
