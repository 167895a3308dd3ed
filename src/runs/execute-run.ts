import type { RankingSummary } from '../results/ranking-summary.js'
import type { Summary } from '../results/summary.js'
import { rankingJob } from './ranking-job.js'
import { type FinishedRun, runJob } from './run-job.js'
import type { RunRequest } from './run-request.js'
import { studyJob } from './study-job.js'
import type { StudyCommand } from './study-options.js'

/** Runs a search, a comparison or a ranking from its configuration to its results. See `runJob`. */
export function executeRun(request: RunRequest<StudyCommand>): Promise<FinishedRun<Summary>>
export function executeRun(request: RunRequest<'rank'>): Promise<FinishedRun<RankingSummary>>
export function executeRun(request: RunRequest): Promise<FinishedRun>
export function executeRun(request: RunRequest): Promise<FinishedRun> {
  return isRanking(request) ? runJob(request, rankingJob) : runJob(request as RunRequest<StudyCommand>, studyJob)
}

function isRanking(request: RunRequest): request is RunRequest<'rank'> {
  return request.command === 'rank'
}
