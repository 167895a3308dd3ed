import { encodeNetwork } from '../models/network-file.js'
import { bestNetworkFile, networkFiles } from '../results/network-files.js'
import { type Summary, summarise } from '../results/summary.js'
import { armSpace, runStudy, workerSetup } from '../studies/index.js'
import type { RunJob } from './job.js'
import type { RunRequest } from './run-request.js'
import { type StudyCommand, studyOptions } from './study-options.js'

import { surroundingsOf } from './surroundings.js'
/** A search or a comparison. */
export function studyJob({ command, config }: RunRequest<StudyCommand>): RunJob<Summary> {
  return {
    setup(dataset, engine, _, latencies) {
      const study = studyOptions(command, config, dataset, engine)
      for (const { constraints } of study.arms) armSpace(study.space, constraints, latencies.meterOf(study.space))
      return workerSetup(study, dataset)
    },
    async run({ setup, facts, store, earlier, services }) {
      const study = studyOptions(command, config, setup.dataset, setup.engine)
      const surroundings = surroundingsOf(setup)
      const { arms, result } = await runStudy(
        study,
        {
          ...services,
          onBest: (arm, { weights, ...best }) => {
            if (weights !== null) store.write(bestNetworkFile(arm), encodeNetwork(best, surroundings, weights))
          },
          networks: networkFiles(store, surroundings),
        },
        earlier,
      )
      const trials = new Map(arms.map((arm) => [arm.result.name, arm.trials]))
      return { summary: summarise(facts, result), trials }
    },
  }
}
