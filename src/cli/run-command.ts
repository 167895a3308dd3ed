import { encodeNetwork } from '../models/network-file.js'
import { renderSummary } from '../reports/table.js'
import { networkFiles } from '../results/network-files.js'
import { type Summary, summarise } from '../results/summary.js'
import { type StudyCommand, studyOptions } from '../runs/study-options.js'
import { armSpace, runStudy, workerSetup } from '../studies/index.js'
import { type RunJob, runJob } from './run-job.js'
import type { RunOptions } from './run-options.js'

/** Runs a search or a comparison. */
export function runCommand(options: RunOptions & { readonly command: StudyCommand }): Promise<Summary> {
  const { command, config } = options
  const job: RunJob<Summary> = {
    setup(dataset, engine) {
      const study = studyOptions(command, config, dataset, engine)
      for (const { constraints } of study.arms) armSpace(study.space, constraints)
      return workerSetup(study, dataset)
    },
    async run({ setup, facts, directory, earlier, services }) {
      const study = studyOptions(command, config, setup.dataset, setup.engine)
      const { result } = await runStudy(
        study,
        {
          ...services,
          onBest: (arm, { weights, ...best }) => {
            if (weights !== null) directory.write(`best-${arm}.bin`, encodeNetwork(best, weights))
          },
          networks: networkFiles(directory),
        },
        earlier,
      )
      return summarise(facts, result)
    },
    render: renderSummary,
  }
  return runJob(options, job)
}
