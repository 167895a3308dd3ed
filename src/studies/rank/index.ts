export {
  checkSettings,
  type EarlierRun,
  type RunSettings,
  rememberingExecutor,
  replayRun,
  takeOverTruths,
} from './earlier-run.js'
export { nameMethods } from './method-names.js'
export type * from './ranking.js'
export { rankingPercents, truthMethod } from './ranking.js'
export { drawArchitectures, runRanking } from './run-ranking.js'
export { openTruthStore, type TruthStore, truthFingerprint } from './truth-store.js'
