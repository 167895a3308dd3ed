import path from 'node:path'
import type { Config } from '../config/schema.js'
import type { WorkerSetup } from '../execution/executor.js'
import { ConfigError } from '../platform/errors.js'
import { cacheFolder } from '../platform/files.js'
import type { RankingSummary } from '../reports/ranking-summary.js'
import { renderRanking } from '../reports/ranking-table.js'
import {
  nameMethods,
  openTruthStore,
  type RankingOptions,
  runRanking,
  type TruthStore,
  takeOverTruths,
  workerSetup,
} from '../studies/index.js'
import { type RunJob, type RunOptions, runJob } from './run-job.js'
import { studyOptions } from './study-options.js'

/** Runs a ranking. */
export function runRankCommand({
  command,
  ...options
}: RunOptions & { readonly command: 'rank' }): Promise<RankingSummary> {
  const { config, earlier } = options
  const job: RunJob<RankingSummary> = {
    async setup(dataset, engine) {
      // The workers are those of a search.
      const setup = workerSetup(studyOptions('search', config, dataset, engine), dataset)
      const from = config.rank?.truth.from
      if (from !== undefined && earlier === undefined) {
        await takeOverTruths(from, { ...identityOf(config), engine }, truthStore(setup))
      }
      return setup
    },
    async run({ setup, facts, services }) {
      const ranking = rankingOptions(config, setup)
      const store = truthStore(setup)
      const result = await runRanking(ranking, services, store, earlier)
      return { schema: 1, ...facts, truth: { ...ranking.truth, fingerprint: store.fingerprint }, ...result }
    },
    render: renderRanking,
    files: 'report.html, summary.json, journal.jsonl, config.yaml',
  }
  return runJob({ command, ...options }, job)
}

function truthStore(setup: WorkerSetup): TruthStore {
  return openTruthStore(path.join(cacheFolder(), 'truth'), setup)
}

function identityOf({ data, seed, space, training }: Config) {
  return { data, seed, space, training }
}

function rankingOptions({ budget, rank, seed, strategy }: Config, setup: WorkerSetup): RankingOptions {
  if (rank === undefined || budget.trials === undefined) throw new ConfigError('rank needs rank and budget.trials.')
  const { accuracy, sharedSeeds } = rank.truth
  return {
    seed,
    setup,
    strategy,
    architectures: budget.trials,
    truth: { accuracy, sharedSeeds },
    methods: nameMethods(rank.evaluators),
    bootstrap: rank.bootstrap,
  }
}
