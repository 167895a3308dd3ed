import { describeEngine } from '../../../src/conformance/engine/describe-engine.js'
import { loadNativeEngine, nativeInstructionSets } from '../../../src/engines/native/native-engine.js'

// scripts/sanitize-native.sh, under which everything is slow, asks for fewer.
const fuzzRuns = Number(process.env.FEAR_NAS_FUZZ_RUNS ?? 1000)

nativeInstructionSets().forEach((instructionSet, rank) => {
  describeEngine(`native on ${instructionSet}`, () => loadNativeEngine(instructionSet), {
    // All of them on the set that searches use, other ones on each of the others.
    fuzzRuns: rank === 0 ? fuzzRuns : Math.min(fuzzRuns, 200),
    fuzzSeed: 20210608 + 10_000 * rank,
  })
})
