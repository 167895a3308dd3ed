import type { Outcome } from '../../evaluators/outcome.js'
import { displayNamed } from '../../evaluators/registry.js'
import type { RecordedStudy } from '../../results/recorded-run.js'
import type { Chart } from './chart.js'
import { type Colour, colour } from './theme.js'
import { panelGrid, panels, type View } from './view.js'

interface End {
  readonly title: string
  readonly colour: Colour
  readonly kinds: readonly Outcome['kind'][]
}

const ends: readonly End[] = [
  { title: 'reached the threshold', colour: 'orange', kinds: ['scored'] },
  { title: 'rejected as too slow', colour: 'grey', kinds: ['rejected'] },
  { title: 'never reached it', colour: 'faint', kinds: ['below-threshold'] },
  {
    title: 'diverged, timed out, aborted or failed',
    colour: 'purple',
    kinds: ['diverged', 'timed-out', 'aborted', 'failed'],
  },
]

const bins = 24

/** Time to the threshold for the architectures of FEAR arms, and the number rejected before. */
export function timeToThreshold({ arms, summary }: RecordedStudy): Chart | null {
  const timed = Object.entries(summary.arms)
    .flatMap(([name, { evaluator }]) => {
      const phase = displayNamed(evaluator).thresholdPhase
      return phase === null ? [] : [{ name, rows: rowsOf([...(arms.get(name)?.trials.values() ?? [])], phase) }]
    })
    .filter(({ rows }) => rows.length > 0)
  if (timed.length === 0) return null
  const used = ends.filter(({ title }) => timed.some(({ rows }) => rows.some(({ end }) => end === title)))
  return {
    name: 'time-to-threshold',
    title: 'How fast the architectures reach FEAR’s threshold',
    caption:
      'Compute time of stage 1, which trains an architecture until its training accuracy passes the threshold. Of ' +
      'rejected architectures and of those that never got there it is the time until they were given up.',
    alt: timed
      .map(({ name, rows }) => `${name}: ${used.map(({ title }) => countText(rows, title)).join(', ')}`)
      .join('; '),
    spec(layout) {
      const { columns, panelWidth } = panelGrid(timed.length, layout, { wide: 2, narrow: 1 })
      const views = timed.map(
        ({ name, rows }): View => ({
          ...(timed.length > 1 ? { title: name } : {}),
          width: panelWidth,
          height: layout.narrow ? 190 : 220,
          data: { values: rows },
          mark: { type: 'bar', binSpacing: 1 },
          encoding: {
            x: {
              field: 'seconds',
              type: 'quantitative',
              bin: { maxbins: bins },
              title: 'stage 1: compute time (s)',
              axis: { labelOverlap: 'greedy', labelSeparation: 12, format: '~r' },
            },
            y: {
              aggregate: 'count',
              type: 'quantitative',
              title: 'architectures',
              axis: { tickMinStep: 1, tickCount: 5, format: 'd' },
            },
            color: {
              field: 'end',
              type: 'nominal',
              sort: null,
              scale: { domain: used.map(({ title }) => title), range: used.map((end) => colour(end.colour)) },
              legend: { columns: layout.narrow ? 1 : used.length, symbolType: 'square' },
            },
            order: { field: 'order', type: 'quantitative' },
          },
        }),
      )
      return panels(views, columns, timed.length > 1 ? 1 : 0, layout)
    },
  }
}

function rowsOf(trials: readonly { readonly outcome: Outcome }[], phase: string) {
  return trials.flatMap(({ outcome }) => {
    const seconds = outcome.phases[phase]?.computeSeconds
    const order = ends.findIndex(({ kinds }) => kinds.includes(outcome.kind))
    return seconds === undefined ? [] : [{ seconds, end: ends[order]?.title, order }]
  })
}

function countText(rows: ReturnType<typeof rowsOf>, title: string): string {
  return `${rows.filter(({ end }) => end === title).length} ${title}`
}
