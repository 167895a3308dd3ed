/**
 * A number for what this program computes. Raise it with every change after which the same configuration, data, engine
 * and seed give other results: another number of trials, other architectures, scores, accuracies or FLOPs. Other seconds
 * are no other results. Runs that are older cannot go on then, nor lend their trials to others, and networks that are
 * kept as the truth of rankings are trained anew.
 */
export const resultsVersion = 1
