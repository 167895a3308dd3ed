import { describe } from 'vitest'
import { describeEngine } from '../../../src/conformance/engine/describe-engine.js'
import { loadTensorflowEngine } from '../../../src/engines/tfjs/tensorflow-engine.js'
import { cannotLoad } from './why-not.js'

describe.skipIf(await cannotLoad('conformance of the tensorflow engine'))('on libtensorflow', () => {
  describeEngine('tensorflow', loadTensorflowEngine)
})
