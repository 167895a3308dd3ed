import { checkImageSize } from '../config/fit/image-size.js'
import { checkMemory } from '../config/fit/memory.js'
import { type PlannedTraining, plannedTrainings } from '../config/fit/trainings.js'
import type { Complaint } from '../config/issues.js'
import { unlocatedError } from '../config/load-config.js'
import type { Config } from '../config/schema/config.js'
import { spaceSetup } from '../config/space-setup.js'
import type { Dataset } from '../datasets/dataset.js'
import { datasetProblems } from '../datasets/inspect/dataset-problems.js'
import type { Engine } from '../engines/engine.js'
import { workerCount } from '../execution/worker-count.js'
import type { SizeLimits } from '../networks/size.js'
import type { ConfigError } from '../platform/errors.js'
import { memoryLimitBytes } from '../platform/memory.js'
import { pathWord } from '../platform/shell.js'
import type { RunRequest } from './run-request.js'

/** Makes the error for wrong settings. */
export type Refuse = (wrong: readonly Complaint[]) => ConfigError

/**
 * Checks a run against its images, its engine and this machine, before anything is written. Warns of what `data check`
 * calls a problem.
 *
 * @returns the problems.
 * @throws ConfigError if the networks do not support the images or do not fit into memory.
 */
export function checkData(
  { command, config, hooks, source }: RunRequest,
  dataset: Dataset,
  engine: Engine,
): readonly string[] {
  const refuse = source?.refuse ?? unlocatedError
  const warn = (message: string): void => void hooks.onWarning?.(message)
  const wrongSize = checkImageSize(dataset)
  if (wrongSize.length > 0) throw refuse(wrongSize)
  const workers = workerCount(config.workers, engine.info)
  const fit = fitOf(plannedTrainings(command, config), config, dataset, engine, workers)
  if (fit.complaint !== null) throw refuse([fit.complaint])
  if (fit.warning !== null) warn(fit.warning)
  const problems = datasetProblems(dataset)
  for (const problem of problems) warn(`data: ${problem}`)
  const inspected = source?.file ?? config.data.path
  if (problems.length > 0 && inspected !== undefined) {
    warn(`data: for details, run: fear-nas data check ${pathWord(inspected)}`)
  }
  return problems
}

/** As `checkData`, for one network at a time: checks that `trainings` fit into memory. */
export function checkFit(
  trainings: readonly PlannedTraining[],
  config: Config,
  dataset: Dataset,
  engine: Engine,
  refuse: Refuse = unlocatedError,
): void {
  const wrongSize = checkImageSize(dataset)
  if (wrongSize.length > 0) throw refuse(wrongSize)
  const { complaint } = fitOf(trainings, config, dataset, engine, 1)
  if (complaint !== null) throw refuse([complaint])
}

function fitOf(
  trainings: readonly PlannedTraining[],
  config: Config,
  dataset: Dataset,
  engine: Engine,
  workers: number,
) {
  const { train, validation, test } = dataset
  const bytes = [train, validation, test].reduce((sum, { pixels }) => sum + pixels.length, 0)
  const isCopied = config.isolation === 'process' || engine.info.isolation === 'process'
  return checkMemory({
    space: spaceSetup(config.space, dataset),
    constraints: constraintsOf(config),
    trainings,
    trainImages: train.count,
    datasetBytes: bytes * (isCopied ? workers + 1 : 1),
    workers,
    engine,
    memoryBytes: memoryLimitBytes(),
  })
}

/** The constraints of all arms; empty if an arm has none, so that every network counts. */
function constraintsOf({ arms, constraints }: Config): readonly SizeLimits[] {
  const all = arms?.map((arm) => (arm.constraints === undefined ? constraints : arm.constraints)) ?? [constraints]
  return all.includes(null) ? [] : all.filter((limits) => limits !== null)
}
