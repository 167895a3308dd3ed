import { counted } from '../../platform/count.js'
import type { RecordedStudy } from '../../results/recorded-run.js'
import { ofLastFidelity } from '../../search/fidelities.js'
import type { FinishedTrial } from '../../search/trial.js'
import { formatScore } from '../format.js'
import { paddedDomain } from './axes.js'
import { type Chart, mostPoints } from './chart.js'
import { seriesOf } from './series.js'
import { colour } from './theme.js'

/** The course of a search: each score, the best so far, and trials without a score. */
export function scoreByTrial({ arms, summary }: RecordedStudy): Chart | null {
  const [one, ...others] = seriesOf(Object.entries(summary.arms).map(([name, { evaluator }]) => ({ name, evaluator })))
  if (one === undefined || others.length > 0) return null
  // Only scores of the last fidelity, since different fidelities do not compare.
  const fidelities = summary.arms[one.name]?.fidelities?.length ?? 1
  const trials = ofLastFidelity(arms.get(one.name)?.trials.values() ?? [], fidelities).toSorted(
    (a, b) => a.index - b.index,
  )
  const scores = trials.flatMap((trial) => scoreOf(trial) ?? [])
  if (scores.length === 0) return null
  const factor = scores.every((score) => score >= 0 && score <= 1) ? 100 : 1
  const rows = rowsOf(trials, factor)
  const without = rows.filter(({ score }) => score === null).length
  const domain = paddedDomain(
    scores.map((score) => factor * score),
    0.09,
  )
  const best = rows.at(-1)?.best ?? Number.NaN
  return {
    name: 'score-by-trial',
    title: 'Scores during the search',
    caption:
      `Points are architectures in the order of their trials; the line is the best score so far.` +
      (fidelities > 1 ? ' Only those of the last fidelity are shown.' : '') +
      (without > 0 ? ` Crosses at the bottom ended without a score: ${without} of ${rows.length}.` : '') +
      (rows.length > mostPoints ? ` For more than ${mostPoints} architectures, an evenly spaced part is drawn.` : ''),
    alt: `Scores of ${counted(scores.length, 'architecture')}; the best is ${formatScore(best / factor)}.`,
    spec({ narrow, width }) {
      const height = narrow ? 210 : 280
      const y = {
        type: 'quantitative' as const,
        title: factor === 100 ? 'score (%)' : 'score',
        scale: {
          domain,
          nice: false,
          zero: false,
        },
        axis: { tickCount: 5 },
      }
      return {
        width: width - 66,
        height,
        data: { values: thinned(rows) },
        encoding: {
          x: {
            field: 'trial',
            type: 'quantitative',
            title: 'trial',
            scale: { nice: false, domain: [-0.5, (trials.at(-1)?.index ?? 0) + 0.5] },
            axis: { grid: false, tickMinStep: 1, tickCount: narrow ? 5 : 10, format: 'd' },
          },
        },
        layer: [
          {
            mark: { type: 'line', interpolate: 'step-after', color: one.colour, strokeWidth: 2.2 },
            encoding: { y: { field: 'best', ...y } },
          },
          {
            transform: [{ filter: 'datum.score !== null' }],
            mark: { type: 'point', filled: true, size: 42, opacity: 0.75, color: one.colour },
            encoding: { y: { field: 'score', ...y } },
          },
          {
            transform: [{ filter: 'datum.score === null' }],
            mark: {
              type: 'point',
              shape: 'cross',
              filled: true,
              size: 46,
              color: colour('grey'),
              opacity: 1,
              angle: 45,
            },
            encoding: { y: { value: height - 7 } },
          },
        ],
      }
    },
  }
}

function rowsOf(trials: readonly FinishedTrial[], factor: number) {
  let best: number | null = null
  return trials.map((trial) => {
    const score = scoreOf(trial)
    if (score !== null) best = Math.max(best ?? -Infinity, factor * score)
    return { trial: trial.index, score: score === null ? null : factor * score, best }
  })
}

/** Every k-th of many trials, and all improvements. */
function thinned(rows: ReturnType<typeof rowsOf>) {
  const step = Math.ceil(rows.length / mostPoints)
  return rows.filter(({ best }, i) => i % step === 0 || i === rows.length - 1 || best !== rows[i - 1]?.best)
}

function scoreOf({ outcome }: FinishedTrial): number | null {
  return outcome.kind === 'scored' && Number.isFinite(outcome.score) ? outcome.score : null
}
