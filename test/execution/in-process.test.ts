import { describeExecutor } from '../../src/conformance/executor/describe-executor.js'
import { createInProcessExecutor } from '../../src/execution/in-process.js'

describeExecutor('the in-process executor', createInProcessExecutor)
