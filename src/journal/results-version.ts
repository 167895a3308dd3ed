/**
 * The version of this program's results. Raise it with every change after which the same configuration, data, engine
 * and seed give other results: another number of trials, other architectures, scores, accuracies or FLOPs. Seconds do
 * not matter. Older runs then cannot be resumed or reused by others, and cached full trainings are trained again.
 */
export const resultsVersion = 1
