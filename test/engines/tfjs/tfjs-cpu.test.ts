import { describeEngine } from '../../../src/conformance/engine/describe-engine.js'
import { loadTfjsCpuEngine } from '../../../src/engines/tfjs/tfjs-cpu-engine.js'

describeEngine('tfjs-cpu', loadTfjsCpuEngine, {
  skip: [
    {
      test: 'memory: given back by dispose',
      reason: 'the garbage collector decides when; tfjs-memory.test.ts counts tensors instead',
    },
  ],
})
