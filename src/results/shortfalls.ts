import { type Outcome, type OutcomeCounts, outcomeKinds } from '../evaluators/outcome.js'
import type { ReplayedArm } from '../journal/replay.js'
import { counted } from '../platform/count.js'
import { shorten } from '../platform/shorten.js'
import type { RankingSummary } from './ranking-summary.js'
import type { RecordedRun } from './recorded-run.js'
import type { ArmSummary, Summary } from './summary.js'

type Kind = Exclude<Outcome['kind'], 'scored'>

/** What to change if most trials end in this way. */
const remedies: Readonly<Record<Kind, string>> = {
  failed: 'Remove what the message names and start a new run: a resumed run keeps these trials as they are.',
  rejected: 'Raise evaluator.ratio, or set it to null.',
  'below-threshold': 'Lower evaluator.threshold or set it to auto, or raise evaluator.maxEpochs.',
  diverged: 'Lower the learning rates (training.learningRate, evaluator.stage1.learningRate).',
  'timed-out': 'Raise trialTimeout, or make training shorter (training.epochs, data.train).',
  aborted: 'Raise the budget, or set budget.atLimit to finish.',
}

/** Longer messages are cut; the journal has them in full. */
const longestMessage = 300

/**
 * Whether a run has ended without a result: a search, or an arm of a comparison, without a network; a ranking without
 * an architecture that every method scored. A stopped run has not ended.
 */
export function fellShort(summary: Summary | RankingSummary): boolean {
  if (summary.stopped) return false
  if ('methods' in summary) return missingMethods(summary).length > 0
  return Object.values(summary.arms).some(({ best }) => best === null)
}

/** For a run without a result: what happened and what to change, one paragraph per arm. Empty for other runs. */
export function shortfalls({ summary, arms }: Pick<RecordedRun, 'summary' | 'arms'>): readonly string[] {
  if (!fellShort(summary)) return []
  if ('methods' in summary) return rankingShortfalls(summary, arms)
  return Object.entries(summary.arms).flatMap(([name, arm]) =>
    arm.best === null ? [`${name} found no network: ${armShortfall(arm, arms.get(name))}`] : [],
  )
}

function armShortfall(arm: ArmSummary, replayed: ReplayedArm | undefined): string {
  const trials = [...(replayed?.trials.values() ?? [])].map(({ outcome }) => outcome)
  if (arm.trials === 0) {
    if (arm.endedBy === 'space-exhausted') {
      return 'its strategy proposed no architecture. Correct the strategy, or widen the space and its constraints.'
    }
    return 'its budget was used up before a trial had ended. Raise the budget.'
  }
  if (arm.outcomes.scored === 0) {
    return `none of its ${counted(arm.trials, 'trial')} got a score (${countsText(arm.outcomes)}).${why(arm.outcomes, trials)}`
  }
  const finalists = [...(replayed?.finalists.values() ?? [])]
  const counts = countsOf(finalists)
  const scored = `${counted(arm.outcomes.scored, 'trial')} got a score, but no finalist was trained in full`
  return finalists.length === 0 ? `${scored}.` : `${scored} (${countsText(counts)}).${why(counts, finalists)}`
}

/** The methods that scored nothing. */
function missingMethods({ commonArchitectures, methods }: RankingSummary): RankingSummary['methods'] {
  const without = methods.filter(({ outcomes }) => outcomes.scored === 0)
  return without.length > 0 || commonArchitectures > 0 ? without : methods
}

function rankingShortfalls(summary: RankingSummary, arms: ReadonlyMap<string, ReplayedArm>): readonly string[] {
  const missing = missingMethods(summary)
  if (missing.every(({ outcomes }) => outcomes.scored > 0)) {
    const scored = missing.map(({ name, outcomes }) => `${name} ${outcomes.scored}`).join(', ')
    return [
      `No architecture was scored by every method, of ${summary.architectures.length} (scored: ${scored}). Raise ` +
        'budget.trials, or leave out the method that scores the fewest.',
    ]
  }
  return missing.map(({ name, outcomes }) => {
    const trials = [...(arms.get(name)?.trials.values() ?? [])].map(({ outcome }) => outcome)
    const all = outcomeKinds.reduce((sum, kind) => sum + outcomes[kind], 0)
    return `${name} scored none of ${counted(all, 'architecture')} (${countsText(outcomes)}).${why(outcomes, trials)}`
  })
}

function countsOf(outcomes: readonly Outcome[]): OutcomeCounts {
  const counts = Object.fromEntries(outcomeKinds.map((kind) => [kind, 0])) as Record<Outcome['kind'], number>
  for (const { kind } of outcomes) counts[kind]++
  return counts
}

function countsText(counts: OutcomeCounts): string {
  const present = outcomeKinds.filter((kind) => kind !== 'scored' && counts[kind] > 0)
  return present.map((kind) => `${counts[kind]} ${kind}`).join(', ') || 'none'
}

/** The most frequent message, and what helps against the most frequent outcome. */
function why(counts: OutcomeCounts, outcomes: readonly Outcome[]): string {
  const kinds = outcomeKinds.filter((kind): kind is Kind => kind !== 'scored' && counts[kind] > 0)
  const [commonest] = kinds.toSorted((a, b) => counts[b] - counts[a])
  const message = commonestMessage(outcomes)
  return (
    (message === null ? '' : ` The most frequent message: ${message.text} (${counted(message.times, 'time')}).`) +
    (commonest === undefined ? '' : ` ${remedies[commonest]}`)
  )
}

function commonestMessage(outcomes: readonly Outcome[]): { readonly text: string; readonly times: number } | null {
  const times = new Map<string, number>()
  for (const outcome of outcomes) {
    if (outcome.kind !== 'failed') continue
    const text = (outcome.message.split('\n')[0] ?? '').trim()
    times.set(text, (times.get(text) ?? 0) + 1)
  }
  const [first] = [...times].toSorted(([, a], [, b]) => b - a)
  if (first === undefined) return null
  const [text, most] = first
  return { text: shorten(text, longestMessage), times: most }
}
