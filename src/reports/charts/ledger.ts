import { displayNamed, evaluatorNames } from '../../evaluators/registry.js'
import type { ArmSummary, Summary } from '../../results/summary.js'
import { formatDuration } from '../format.js'
import type { Chart } from './chart.js'
import { textWidth } from './text-width.js'
import { type Colour, colour } from './theme.js'

/** Font size of names and totals, in pixels. */
const textSize = 13

interface Part {
  readonly title: string
  readonly colour: Colour
  holds(phase: string, arm: ArmSummary): boolean
}

/** The phases of a search over fidelities. */
const ofFidelity = /^evaluation\/fidelity-(\d+)\//

/** What evaluators say of their own costs. */
const ownParts = evaluatorNames.flatMap((name) =>
  displayNamed(name).parts.map(({ title, colour, phases }) => ({
    title,
    colour,
    isWhole: phases === null,
    holds(phase: string, arm: ArmSummary): boolean {
      const [activity, own] = phase.split('/')
      return activity === 'evaluation' && arm.evaluator === name && (phases === null || phases.includes(own ?? ''))
    },
  })),
)

/** The parts of compute time, in order; a phase belongs to the first part that lists it. */
const parts: readonly Part[] = [
  ...ownParts.filter(({ isWhole }) => !isWhole),
  {
    title: 'lower fidelities',
    colour: 'green',
    holds: (phase, { fidelities = [] }) => Number(ofFidelity.exec(phase)?.[1] ?? Infinity) < fidelities.length - 1,
  },
  { title: 'the last fidelity', colour: 'grey', holds: (phase) => ofFidelity.test(phase) },
  ...ownParts.filter(({ isWhole }) => isWhole),
  { title: 'prefilter', colour: 'green2', holds: (phase) => phase.startsWith('prefilter/') },
  { title: 'calibration of the threshold', colour: 'orange3', holds: (phase) => phase.startsWith('calibration/') },
  { title: 'other scores', colour: 'green', holds: (phase) => !phase.startsWith('finalists/') },
  { title: 'full training of finalists', colour: 'faint', holds: () => true },
]

/** The compute time of each arm by phase: one bar per arm. */
export function ledgerChart({ arms }: Pick<Summary, 'arms'>): Chart | null {
  const all = Object.entries(arms).filter(([, arm]) => arm.computeSeconds > 0)
  if (all.length === 0) return null
  const rows = all.flatMap(([name, arm]) => rowsOf(name, arm))
  const used = parts.filter(({ title }) => rows.some(({ part }) => part === title))
  const totals = all.map(([name, { computeSeconds }]) => ({
    arm: name,
    seconds: computeSeconds,
    text: formatDuration(computeSeconds),
  }))
  return {
    name: 'ledger',
    title: 'Compute time by phase',
    caption: 'Compute time (seconds that workers were busy, summed over workers) for the whole search of each arm.',
    alt: `Bars of compute time: ${totals.map(({ arm, text }) => `${arm} ${text}`).join(', ')}.`,
    spec: ({ narrow, width }) => {
      const longest = Math.max(...all.map(([name]) => textWidth(name, textSize)))
      const labelLimit = narrow ? 90 : 200
      const inside = Math.floor(width - 24 - Math.min(longest, labelLimit))
      // The axis is extended so that every label fits after its bar.
      const end = Math.max(
        ...totals.map(({ seconds, text }) => (seconds * inside) / (inside - 14 - textWidth(text, textSize))),
      )
      return {
        width: inside,
        height: { step: narrow ? 34 : 38 },
        encoding: {
          y: {
            field: 'arm',
            type: 'nominal',
            sort: all.map(([name]) => name),
            title: null,
            axis: {
              domain: false,
              ticks: false,
              labelFontSize: textSize,
              labelColor: colour('ink'),
              labelLimit,
            },
          },
        },
        layer: [
          {
            data: { values: rows },
            mark: { type: 'bar', height: { band: 0.62 } },
            encoding: {
              x: {
                field: 'seconds',
                type: 'quantitative',
                title: 'compute time (s)',
                scale: { domain: [0, end], nice: false },
                axis: { tickCount: narrow ? 4 : 8 },
              },
              color: {
                field: 'part',
                type: 'nominal',
                sort: null,
                scale: { domain: used.map(({ title }) => title), range: used.map((part) => colour(part.colour)) },
                legend: { columns: narrow ? 1 : 2, symbolType: 'square' },
              },
              order: { field: 'order', type: 'quantitative' },
            },
          },
          {
            data: { values: totals },
            mark: { type: 'text', align: 'left', dx: 6, fontSize: textSize, fontWeight: 600, color: colour('ink') },
            encoding: { x: { field: 'seconds', type: 'quantitative' }, text: { field: 'text' } },
          },
        ],
      }
    },
  }
}

function rowsOf(name: string, arm: ArmSummary) {
  return parts.flatMap(({ title }, order) => {
    const seconds = Object.entries(arm.phases)
      .filter(([phase]) => parts.find((part) => part.holds(phase, arm))?.title === title)
      .reduce((sum, [, cost]) => sum + cost.computeSeconds, 0)
    return seconds > 0 ? [{ arm: name, part: title, order, seconds }] : []
  })
}
