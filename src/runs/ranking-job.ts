import path from 'node:path'
import { partsOf } from '../config/parts.js'
import { type Config, configSchema } from '../config/schema/config.js'
import { inTrainingOptions } from '../evaluators/measures-in-training/settings.js'
import type { WorkerSetup } from '../execution/executor.js'
import { checkTakingOver } from '../journal/check-identity.js'
import { cacheFolder } from '../platform/cache-folder.js'
import { ConfigError } from '../platform/errors.js'
import { moduleFile } from '../platform/parts/module-file.js'
import type { RankingSummary } from '../results/ranking-summary.js'
import { hasFidelities } from '../search/fidelities.js'
import {
  armSpace,
  checkSettings,
  type EarlierRun,
  nameMethods,
  openTruthStore,
  type RankingOptions,
  type RunSettings,
  replayRun,
  runInTraining,
  runRanking,
  takeOverTruths,
  workerSetup,
} from '../studies/index.js'
import type { RunJob } from './job.js'
import type { RunRequest } from './run-request.js'
import { studyArms, studyOptions } from './study-options.js'

/** A ranking. */
export function rankingJob({ config, hooks }: RunRequest<'rank'>): RunJob<RankingSummary> {
  let others: readonly EarlierRun[] = []
  return {
    async setup(dataset, engine, identity, latencies) {
      // The setup of workers is that of a search.
      const setup = workerSetup(studyOptions('search', { ...config, prefilter: null }, dataset, engine), dataset)
      armSpace(setup.space, config.constraints, latencies.meterOf(setup.space))
      others = await Promise.all((config.rank?.from ?? []).map(readEarlierRun))
      for (const run of others) {
        checkSettings(run, settingsOf(config))
        checkOwnParts(run, config)
        for (const note of checkTakingOver(run.directory, run.sessions, identity)) hooks.onWarning?.(note)
      }
      return setup
    },
    async run({ setup, facts, earlier, services }) {
      const ranking = rankingOptions(config, setup)
      const warn = (message: string): void => void hooks.onWarning?.(message)
      const store = openTruthStore(path.join(cacheFolder(), 'truth'), setup, facts.engine, warn)
      for (const run of others) takeOverTruths(run, store)
      const result = await runRanking(ranking, services, store, earlier, others)
      const measured = config.rank?.inTraining
      const inTraining =
        measured === undefined || result.stopped
          ? null
          : await runInTraining(inTrainingOptions(measured), ranking, result.architectures, services, earlier)
      const truth = { ...ranking.truth, fingerprint: store.fingerprint }
      const stopped = services.stop?.aborted ?? false
      return { summary: { schema: 1, ...facts, truth, ...result, inTraining, stopped }, trials: new Map() }
    },
  }
}

async function readEarlierRun(directory: string): Promise<EarlierRun> {
  const { config: written, arms, modules, sessions, started } = await replayRun(directory)
  // Parsed by the current schema: newer settings get their defaults, which match the old behaviour.
  const parsed = configSchema.safeParse(written)
  if (!parsed.success) {
    throw new ConfigError(`rank.from: ${directory} was run with a configuration that this version cannot read.`)
  }
  const config = parsed.data
  const evaluators =
    started.command === 'rank'
      ? nameMethods(config.rank?.evaluators ?? [])
      : studyArms(started.command, config).filter((arm) => !hasFidelities(arm))
  return {
    directory,
    sessions,
    settings: settingsOf(config),
    evaluators: new Map(evaluators.map(({ name, evaluator }) => [name, evaluator])),
    arms,
    modules,
    truth: started.command === 'rank' ? config.rank?.truth : undefined,
  }
}

/** @throws ConfigError if the networks of a run may be others though they are named alike: those of another file, or value. */
function checkOwnParts({ directory, modules }: EarlierRun, config: Config): void {
  for (const { kind, options } of partsOf(config)) {
    if (kind !== 'search space' && kind !== 'engine') continue
    if (options.name === 'value') {
      throw new ConfigError(
        `rank.from: the ${kind} is a value, and that of ${directory} may be another. Name a module.`,
      )
    }
    if (options.name !== 'module' || typeof options.module !== 'string') continue
    const [theirs, ours] = [modules.get(options.module), moduleFile(options.module)?.sha256]
    if (theirs === ours) continue
    throw new ConfigError(
      `rank.from: the ${kind} ${options.module} is not the file that ${directory} was run with (sha256 there: ` +
        `${theirs?.slice(0, 12) ?? 'none'}, here: ${ours?.slice(0, 12) ?? 'none'}). Restore it, or remove the run from rank.from.`,
    )
  }
}

/** The path of the images does not matter. */
function settingsOf({ data: { path: _, ...data }, seed, space, training }: Config): RunSettings {
  return { data, seed, space, training }
}

function rankingOptions({ budget, constraints, rank, seed, strategy }: Config, setup: WorkerSetup): RankingOptions {
  if (rank === undefined || budget.trials === undefined) throw new ConfigError('rank needs rank and budget.trials.')
  const { accuracy, sharedSeeds } = rank.truth
  return {
    seed,
    setup,
    strategy,
    constraints,
    architectures: budget.trials,
    truth: { accuracy, sharedSeeds },
    methods: nameMethods(rank.evaluators),
    bootstrap: rank.bootstrap,
  }
}
