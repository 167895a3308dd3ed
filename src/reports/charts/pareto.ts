import { networkSize, sizeUnits } from '../../networks/size.js'
import type { RecordedStudy } from '../../results/recorded-run.js'
import type { Summary } from '../../results/summary.js'
import { ofLastFidelity } from '../../search/fidelities.js'
import { createSearchSpace } from '../../spaces/registry.js'
import { fullyTrained, type SizedNetwork } from '../../studies/index.js'
import { formatAccuracy, formatCount } from '../format.js'
import { trainedInFull } from '../pareto-table.js'
import { paddedDomain } from './axes.js'
import { type Chart, type Layout, mostPoints } from './chart.js'
import { colourScale, type Series, seriesOf, shapeScale } from './series.js'
import { panelGrid, panels, type Rows, type View } from './view.js'

const titles = { params: 'trainable parameters', flops: 'FLOPs of one image, forward' } as const
type Unit = (typeof sizeUnits)[number]

/** The Pareto fronts by accuracy after full training. Null for fewer than two networks in total. */
export function paretoChart(run: RecordedStudy): Chart | null {
  const arms = Object.entries(run.summary.arms).filter(([, { pareto }]) => (pareto?.accuracy.networks ?? 0) > 0)
  const networks = arms.reduce((sum, [, { pareto }]) => sum + pareto.accuracy.networks, 0)
  if (networks < 2) return null
  const series = seriesOf(arms.map(([name, { evaluator }]) => ({ name, evaluator })))
  return {
    name: 'pareto',
    title: 'Accuracy against network size',
    caption:
      'Validation accuracy after full training against size; up and to the left is better. Lines join the networks ' +
      `that no other of their arm beats in both. Trained in full: ${arms.map(([name, arm]) => `${trainedInFull(arm)} of ${name}`).join(', ')}.`,
    alt: arms.map(([name, { pareto }]) => `${name}: ${pareto.accuracy.params.map(inWords).join(', ')}`).join('; '),
    spec(layout) {
      const { columns, panelWidth } = panelGrid(sizeUnits.length, layout, { wide: 2, narrow: 1 })
      const views = sizeUnits.map((unit, i) => {
        const isFirst = i % columns === 0
        return panel(
          { unit, front: frontRows(arms, unit), others: otherRows(run, unit), series, isFirst },
          layout,
          panelWidth,
        )
      })
      return panels(views, columns, 0, layout)
    },
  }
}

type Arms = readonly (readonly [name: string, arm: Summary['arms'][string]])[]

function inWords({ params, value }: SizedNetwork): string {
  return `${formatAccuracy(value)} with ${formatCount(params)} parameters`
}

function frontRows(arms: Arms, unit: Unit): Rows {
  return arms.flatMap(([arm, { pareto }]) =>
    pareto.accuracy[unit].map(({ value, ...network }) => ({ arm, size: network[unit], accuracy: 100 * value })),
  )
}

/** The dominated networks, as far as the journal has them. */
function otherRows({ arms, summary }: RecordedStudy, unit: Unit): Rows {
  const setup = summary.space
  // A report runs no code of a module, and has no value: without the space the sizes of other networks are not known.
  if (setup === undefined || setup.name === 'module' || setup.name === 'value') return []
  const { macro } = setup
  const space = createSearchSpace(setup)
  const rows = Object.entries(summary.arms).flatMap(([arm, { fidelities, pareto }]) => {
    const replayed = arms.get(arm)
    if (replayed === undefined || pareto === undefined) return []
    const members = new Set(pareto.accuracy[unit].map(({ trial }) => trial))
    const finalists = [...replayed.finalists].map(([trial, outcome]) => {
      return { trial, architecture: replayed.proposals.get(trial) ?? '', outcome }
    })
    const trials = ofLastFidelity(replayed.trials.values(), fidelities?.length ?? 1)
    const trained = fullyTrained({ of: pareto.accuracy.of, trials, finalists })
    return trained
      .filter(({ trial }) => !members.has(trial))
      .map(({ architecture, value }) => {
        return { arm, size: networkSize(space.network(architecture, macro))[unit], accuracy: 100 * value }
      })
  })
  const step = Math.max(1, Math.ceil(rows.length / mostPoints))
  return rows.filter((_, i) => i % step === 0)
}

interface Panel {
  readonly unit: Unit
  readonly front: Rows
  readonly others: Rows
  readonly series: readonly Series[]
  readonly isFirst: boolean
}

function panel({ unit, front, others, series, isFirst }: Panel, layout: Layout, width: number): View {
  const all = [...front, ...others]
  const domain = (field: string): [number, number] => paddedDomain(all.map((row) => Number(row[field])))
  return {
    width,
    height: layout.narrow ? 210 : 290,
    data: { values: front },
    encoding: {
      x: {
        field: 'size',
        type: 'quantitative',
        title: titles[unit],
        scale: { domain: domain('size'), zero: false, nice: false },
        axis: { format: '~s', tickCount: Math.max(3, Math.floor(width / 70)), labelOverlap: 'greedy' },
      },
      y: {
        field: 'accuracy',
        type: 'quantitative',
        title: isFirst ? 'validation accuracy (%)' : null,
        scale: { domain: domain('accuracy'), zero: false, nice: false },
        axis: { tickCount: 5 },
      },
      color: { field: 'arm', type: 'nominal', ...colourScale(series, layout) },
    },
    layer: [
      { data: { values: others }, mark: { type: 'point', filled: true, size: 26, opacity: 0.35 } },
      { mark: { type: 'line', interpolate: 'step-after', strokeWidth: 1.8 } },
      {
        mark: { type: 'point', filled: true, size: 80, opacity: 1 },
        encoding: { shape: { field: 'arm', type: 'nominal', ...shapeScale(series) } },
      },
    ],
  }
}
