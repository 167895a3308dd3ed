import { datasetNames } from '../datasets/registry.js'
import { fillPreset } from '../evaluators/registry.js'
import { type Complaint, type ConfigPath, dotted } from './issues.js'

/** The values of a file with presets applied, and problems of the presets. */
export interface FilledValues {
  readonly values: unknown
  readonly wrong: readonly Complaint[]
}

type Group = Readonly<Record<string, unknown>>

/**
 * Puts the settings of the preset where an evaluator names one: for searches, or under `rank` for rankings. Keys that are
 * written there win. Values of a wrong form are left for the schema to complain about.
 */
export function fillPresets(values: unknown): FilledValues {
  if (!isGroup(values)) return { values, wrong: [] }
  const { arms, data, rank, space } = values
  const dataset = isGroup(data) && typeof data.name === 'string' ? data.name : undefined
  const written = isGroup(space) ? (space.name === 'nats-sss' ? 1 : space.cells) : undefined
  const cells = typeof written === 'number' ? written : undefined
  const wrong: Complaint[] = []
  const filled = (evaluator: unknown, path: ConfigPath, isRanked = false): unknown => {
    if (!isGroup(evaluator)) return evaluator
    const preset = fillPreset(evaluator, { dataset, cells, isRanked })
    if (preset.kind === 'filled') return preset.values
    // The schema reports an unknown data set.
    if (preset.kind === 'missing' && datasetNames.some((name) => name === dataset)) {
      const presetPath = [...path, 'preset']
      wrong.push({ path: presetPath, sentence: `${dotted(presetPath)} ${String(evaluator.preset)} ${preset.why}` })
    }
    return evaluator
  }
  /** A file or an arm, with its evaluator and those below it. */
  const filledSearch = (group: Group, base: ConfigPath): Group => ({
    ...group,
    ...('evaluator' in group && { evaluator: filled(group.evaluator, [...base, 'evaluator']) }),
    ...filledList(group, 'lowerFidelities', (lower, i) => filled(lower, [...base, 'lowerFidelities', i])),
  })
  return {
    values: {
      ...filledSearch(values, []),
      ...filledList({ arms }, 'arms', (arm, i) => (isGroup(arm) ? filledSearch(arm, ['arms', i]) : arm)),
      ...(isGroup(rank) && {
        rank: {
          ...rank,
          ...filledList(rank, 'evaluators', (ranked, i) => filled(ranked, ['rank', 'evaluators', i], true)),
        },
      }),
    },
    wrong,
  }
}

/** The items of a list in a group; empty if it is not a list. */
function filledList(group: Group, key: string, fill: (item: unknown, index: number) => unknown): Group {
  const list = group[key]
  return Array.isArray(list) ? { [key]: list.map(fill) } : {}
}

function isGroup(value: unknown): value is Group {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
