import { datasetNames } from '../datasets/registry.js'
import type { FearOptions } from '../evaluators/evaluator.js'
import { isPaperDataset, paperDatasets, paperRankingOptions, paperSearchOptions } from '../evaluators/fear/presets.js'
import { type Complaint, type ConfigPath, dotted } from './issues.js'

/** The values of a file with its presets filled in, and what is wrong with these. */
export interface FilledValues {
  readonly values: unknown
  readonly wrong: readonly Complaint[]
}

type Group = Readonly<Record<string, unknown>>

/**
 * Puts the settings of FEAR's authors for the data set in use where an evaluator has `preset: paper`: those of their
 * searches, or under `rank` those of their rankings. Keys that are written there win. Values of a wrong form are left
 * for the schema to complain about.
 */
export function fillPresets(values: unknown): FilledValues {
  if (!isGroup(values)) return { values, wrong: [] }
  const wrong: Complaint[] = []
  const filled = (evaluator: unknown, path: ConfigPath, options: typeof paperSearchOptions): unknown => {
    if (!isGroup(evaluator) || evaluator.name !== 'fear' || evaluator.preset !== 'paper') return evaluator
    const { data, space } = values
    const dataset = isGroup(data) ? data.name : undefined
    const cells = isGroup(space) ? (space.name === 'nats-sss' ? 1 : space.cells) : undefined
    if (isPaperDataset(dataset)) return merged(options(dataset, typeof cells === 'number' ? cells : 5), evaluator)
    if (datasetNames.some((name) => name === dataset)) wrong.push(withoutPreset([...path, 'preset'], String(dataset)))
    return evaluator
  }
  /** An evaluator and those below it, wherever they stand. */
  const filledJudges = (group: Group, place: ConfigPath): Group => ({
    ...group,
    ...(group.evaluator === undefined
      ? {}
      : { evaluator: filled(group.evaluator, [...place, 'evaluator'], paperSearchOptions) }),
    ...(Array.isArray(group.lowerFidelities)
      ? {
          lowerFidelities: group.lowerFidelities.map((lower: unknown, i) =>
            filled(lower, [...place, 'lowerFidelities', i], paperSearchOptions),
          ),
        }
      : {}),
  })
  const { arms, rank } = values
  return {
    values: {
      ...filledJudges(values, []),
      ...(Array.isArray(arms)
        ? { arms: arms.map((arm: unknown, i) => (isGroup(arm) ? filledJudges(arm, ['arms', i]) : arm)) }
        : {}),
      ...(isGroup(rank) && Array.isArray(rank.evaluators)
        ? {
            rank: {
              ...rank,
              evaluators: rank.evaluators.map((ranked: unknown, i) =>
                filled(ranked, ['rank', 'evaluators', i], paperRankingOptions),
              ),
            },
          }
        : {}),
    },
    wrong,
  }
}

/** The preset under what is written, group by group; the key `preset` has done its work. */
function merged(preset: FearOptions, { preset: _, ...written }: Group): Group {
  const group = (key: 'stage1' | 'stage2'): unknown =>
    isGroup(written[key]) ? { ...preset[key], ...written[key] } : (written[key] ?? preset[key])
  return { ...preset, ...written, stage1: group('stage1'), stage2: group('stage2') }
}

function withoutPreset(path: ConfigPath, dataset: string): Complaint {
  return {
    path,
    sentence: `${dotted(path)} paper has no settings for ${dataset}: FEAR's authors used ${paperDatasets.join(', ')}.`,
  }
}

function isGroup(value: unknown): value is Group {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
