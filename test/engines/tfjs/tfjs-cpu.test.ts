import { loadTfjsCpuEngine } from '../../../src/engines/tfjs/tfjs-cpu-engine.js'
import { describeEngine } from '../../conformance/engine-conformance.js'

describeEngine('tfjs-cpu', loadTfjsCpuEngine, {
  skip: [
    {
      test: 'memory: given back by dispose',
      reason: 'the garbage collector decides when; tfjs-memory.test.ts counts tensors instead',
    },
  ],
})
