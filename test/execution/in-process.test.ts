import { createInProcessExecutor } from '../../src/execution/in-process.js'
import { describeExecutor } from '../conformance/executor-conformance.js'

describeExecutor('the in-process executor', createInProcessExecutor)
