export type * from './in-training.js'
export { runInTraining } from './run-in-training.js'
