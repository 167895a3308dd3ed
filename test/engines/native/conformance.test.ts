import { loadNativeEngine, nativeInstructionSets } from '../../../src/engines/native/native-engine.js'
import { describeEngine } from '../../conformance/engine-conformance.js'

for (const instructionSet of nativeInstructionSets()) {
  describeEngine(`native on ${instructionSet}`, () => loadNativeEngine(instructionSet))
}
