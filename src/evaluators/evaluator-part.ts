import type { z } from 'zod'
import type { SettingsKit } from '../platform/settings/settings-kit.js'
import type { TrainingRecipe } from '../training/recipe.js'
import type { CalibrationPlan } from './calibration/calibration.js'
import type { Evaluator } from './evaluator.js'
import type { EvaluatorDisplay, EvaluatorTraits, FixedTraits } from './traits.js'

/**
 * A kind of evaluator: its settings, what makes it, and what the rest of the program must know of it. A new one is a
 * folder that exports such a part, and a line in the registry.
 *
 * `Settings` are what a configuration says, `Options` the same with nothing left to be found by a calibration.
 */
export interface EvaluatorPart<
  Name extends string = string,
  Schema extends z.ZodObject | null = z.ZodObject | null,
  Settings extends Named = Named,
  Options extends Named = Named,
> {
  readonly name: Name
  /** Describes the settings and their defaults; null if no configuration chooses it. */
  schema(kit: SettingsKit): Schema
  /** The settings in a ranking, where they differ; null if it is not ranked. Default: `schema`. */
  rankedSchema?(kit: SettingsKit): Schema | null
  /** Neutral for a module or a value: nothing is known before its code runs. `traitsOf` has the traits then. */
  readonly traits: FixedTraits
  /** Why its score is not the accuracy of a whole network, as a clause. */
  readonly whyNoAccuracy?: string
  readonly display: EvaluatorDisplay
  create(options: Options): Evaluator
  /** With its settings. Runs the code of a module. Default: `traits`, without a pace. */
  traitsOf?(options: Settings): EvaluatorTraits
  /** What users call it; default: its name. */
  label?(options: Settings): string
  /** The module that its code comes from. */
  module?(options: Settings): string
  /** The settings that decide an outcome that was not rejected; null if they do not decide it. Default: all of them. */
  identity?(options: Settings): object | null
  /** The batches that go through its networks, for an estimate of memory. Default: those of the recipe. */
  batches?(options: Settings): readonly TrainingBatches[]
  /** What is wrong with settings that are valid each by itself. */
  problems?(options: Settings, fit: EvaluatorFit): readonly SettingProblem[]
  /** What has to be done before `create`; null if nothing has to. */
  calibration?(options: Settings): CalibrationPlan | null
  /** The options, with what a calibration found; null if it found nothing yet. Default: the settings. */
  settle?(options: Settings, found: number | undefined): Options | null
  /** The written settings with those of the preset that they name, which give way to what is written. */
  fillPreset?(written: Readonly<Record<string, unknown>>, world: PresetWorld): FilledPreset
}

export interface Named {
  readonly name: string
}

/** What settings must suit. */
export interface EvaluatorFit {
  readonly recipe: TrainingRecipe
  /** Infinity where it is not known. */
  readonly trainImages: number
  /** The names of the cuts of every network of the space. */
  cutNames(): readonly string[]
}

/** A setting that does not suit the others: which, and what it must be and why, starting with `must`. */
export interface SettingProblem {
  /** From the evaluator's settings: `['stage2', 'cut']`. */
  readonly path: readonly string[]
  readonly message: string
}

/** Batches of images that an evaluator passes through a network, forward and back. */
export interface TrainingBatches {
  /** The setting that says how large they are, from the evaluator's settings. */
  readonly path: readonly string[]
  readonly batch: number
  /** The cut up to which the network is frozen; null: all of it is trained. */
  readonly cut: string | null
  /** Whether what the frozen part makes of all training images is kept. */
  readonly cachesFeatures: boolean
}

/** What a preset depends on, as far as it is written and valid. */
export interface PresetWorld {
  readonly dataset: string | undefined
  /** Cells a stage. */
  readonly cells: number | undefined
  /** Whether it is for a ranking instead of a search. */
  readonly isRanked: boolean
}

export type FilledPreset =
  | { readonly kind: 'filled'; readonly values: Readonly<Record<string, unknown>> }
  /** The settings name no preset, or none that is known. */
  | { readonly kind: 'none' }
  /** It has nothing for this data set: an explanation that follows `PATH paper`. */
  | { readonly kind: 'missing'; readonly why: string }

/** Declares a part; its types follow from what is given. */
export function evaluatorPart<
  const Name extends string,
  Schema extends z.ZodObject | null,
  Settings extends Named,
  Options extends Named,
>(part: EvaluatorPart<Name, Schema, Settings, Options>): EvaluatorPart<Name, Schema, Settings, Options> {
  return part
}

/** The whole network, in batches of the setting `batch`. */
export function wholeNetwork(batch: number, path: readonly string[] = ['batch']): TrainingBatches {
  return { path, batch, cut: null, cachesFeatures: false }
}
