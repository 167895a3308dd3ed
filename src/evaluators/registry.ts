import path from 'node:path'
import type { z } from 'zod'
import type { SettingsKit } from '../platform/settings/settings-kit.js'
import type { CalibrationPlan } from './calibration/calibration.js'
import { calibrationPart } from './calibration/part.js'
import type { Evaluator } from './evaluator.js'
import type {
  EvaluatorFit,
  EvaluatorPart,
  FilledPreset,
  Named,
  PresetWorld,
  SettingProblem,
  TrainingBatches,
} from './evaluator-part.js'
import { fearPart } from './fear/part.js'
import { fullTrainingPart } from './full-training/part.js'
import { inTrainingPart } from './measures-in-training/part.js'
import { modulePart, valuePart } from './own/part.js'
import { shortTrainingPart } from './short-training/part.js'
import { tabularPart } from './tabular/part.js'
import {
  type EvaluatorDisplay,
  type EvaluatorTraits,
  type FixedTraits,
  neutralDisplay,
  neutralTraits,
} from './traits.js'
import { zeroCostPart } from './zero-cost/part.js'

/** Every kind of evaluator. A new one is its folder and its name in this list. */
const all = [
  fearPart,
  shortTrainingPart,
  zeroCostPart,
  fullTrainingPart,
  inTrainingPart,
  calibrationPart,
  tabularPart,
  modulePart,
  valuePart,
] as const

type Part = (typeof all)[number]
type Schema = NonNullable<ReturnType<Part['schema']>>

/** Describes the settings of every evaluator that a configuration can choose. */
export function evaluatorSchemas(kit: SettingsKit): readonly Schema[] {
  return all.flatMap((part) => part.schema(kit) ?? [])
}

/** Describes the settings of every evaluator in a ranking. */
export function rankedSchemas(kit: SettingsKit): readonly Schema[] {
  return all.flatMap((part) => (part.rankedSchema ?? part.schema)(kit) ?? [])
}

/** The evaluator of a configuration that names none. */
export const defaultEvaluator = fearPart.name

/** The options of an evaluator, all of them known. Plain data, unless it is a value. */
export type EvaluatorOptions = Parameters<Part['create']>[0]

/** What a search may be asked for: options, or settings that leave a threshold to be found by a calibration. */
export type EvaluatorSettings = EvaluatorOptions | z.output<Schema>

const parts: ReadonlyMap<string, EvaluatorPart> = new Map(all.map((part) => [part.name, part as EvaluatorPart]))

/** The names of all evaluators, including those that no configuration can choose. */
export const evaluatorNames: readonly string[] = [...parts.keys()]

function partOf({ name }: Named): EvaluatorPart {
  const part = parts.get(name)
  if (part === undefined) throw new RangeError(`There is no evaluator "${name}".`)
  return part
}

/**
 * The evaluator that `options` describe. Reuse it for many trials: it may own buffers.
 *
 * @throws ConfigError if a module or a value is not an evaluator.
 *
 * @example
 * createEvaluator({ name: 'short-training', epochs: 2, batch: 128, score: 'train', scoreEpoch: 'best' })
 * createEvaluator({ name: 'module', module: './mine.mjs', settings: { epochs: 3 } })
 */
export function createEvaluator(options: EvaluatorOptions): Evaluator {
  return partOf(options).create(options)
}

/**
 * What the search must know of an evaluator. Runs the code of a module, so only a command that runs it anyway may ask.
 *
 * @throws ConfigError if a module or a value is not an evaluator.
 */
export function traitsOf(settings: EvaluatorSettings): EvaluatorTraits {
  const { traits, traitsOf: own } = partOf(settings)
  return own === undefined ? { ...traits, pace: null } : own(settings)
}

/** What is known of an evaluator by its name alone; neutral for a module, a value or one that this version does not know. */
export function traitsNamed(name: string): FixedTraits {
  return parts.get(name)?.traits ?? neutralTraits
}

/** How reports show the evaluator of that name, which may be one that this version does not know. */
export function displayNamed(name: string): EvaluatorDisplay {
  return parts.get(name)?.display ?? neutralDisplay
}

/** How reports show each evaluator of this version. */
export const displays: readonly EvaluatorDisplay[] = all.map(({ display }) => display)

/** Whether its traits depend on code that is not of this package, so that `traitsNamed` says nothing of it. */
export function isOwn({ name }: Named): boolean {
  return name === modulePart.name || name === valuePart.name
}

/** Whether it is a value, which cannot be sent to another thread or process. */
export function isValue({ name }: Named): boolean {
  return name === valuePart.name
}

/** The module that its code comes from, as it is written; null if it comes from none. */
export function moduleOf(settings: EvaluatorSettings): string | null {
  return partOf(settings).module?.(settings) ?? null
}

/** What tables and reports call it: its name, or that of a module or value. */
export function labelOf(settings: EvaluatorSettings): string {
  return partOf(settings).label?.(settings) ?? settings.name
}

/** A name for the only arm that uses it: its own, or what a module's file or a value is called. */
export function armNameOf(settings: EvaluatorSettings): string {
  if (!isOwn(settings)) return settings.name
  const { name } = path.parse(labelOf(settings))
  const letters = name.replace(/[^a-z0-9._-]+/gi, '-').replace(/^[^a-z0-9]+/i, '')
  // Neither a number alone, by which objects would be in another order, nor the arm that `compare` adds.
  return /^\d*$|^full$/.test(letters) ? `own${letters === '' ? '' : '-'}${letters}` : letters
}

/** The settings that decide an outcome which was not rejected; null if they do not decide it. */
export function scoreIdentity(settings: EvaluatorSettings): object | null {
  const { identity } = partOf(settings)
  return identity === undefined ? settings : identity(settings)
}

/** The batches that it passes through a network, as far as they are not those of the recipe: then null. */
export function batchesOf(settings: EvaluatorSettings): readonly TrainingBatches[] | null {
  return partOf(settings).batches?.(settings) ?? null
}

/** What is wrong with settings that are valid each by itself. */
export function settingProblems(settings: EvaluatorSettings, fit: EvaluatorFit): readonly SettingProblem[] {
  return partOf(settings).problems?.(settings, fit) ?? []
}

/** The calibration that must come before an evaluation; null if the options are known. */
export function calibrationOf(settings: EvaluatorSettings): CalibrationPlan | null {
  return partOf(settings).calibration?.(settings) ?? null
}

/** The options of settings, with what a calibration found; null if it has still to find it. */
export function settledOptions(settings: EvaluatorSettings, found?: number): EvaluatorOptions | null {
  const { settle } = partOf(settings)
  return (settle === undefined ? settings : settle(settings, found)) as EvaluatorOptions | null
}

/** The written settings of an evaluator with those of the preset that they name. */
export function fillPreset(
  written: Readonly<Record<string, unknown>> & Partial<Named>,
  world: PresetWorld,
): FilledPreset {
  return parts.get(String(written.name))?.fillPreset?.(written, world) ?? { kind: 'none' }
}

/**
 * Why a score is not the accuracy of a network trained as a whole, as a sentence without its full stop; null if it is.
 * Runs the code of a module.
 */
export function whyNoAccuracy(settings: EvaluatorSettings): string | null {
  if (traitsOf(settings).scoreIsAccuracy) return null
  return partOf(settings).whyNoAccuracy ?? `the scores of ${labelOf(settings)} are no accuracies`
}

/** The names of the evaluators whose scores are accuracies of networks trained as a whole. */
export const accuracyEvaluators: readonly string[] = all.flatMap(({ name, traits }) =>
  traits.scoreIsAccuracy ? [name] : [],
)
