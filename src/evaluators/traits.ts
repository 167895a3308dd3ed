import type { CostUnit } from './outcome.js'

/** What the search, the studies and the checks of a configuration need to know of an evaluator, whatever its settings. */
export interface FixedTraits {
  /**
   * An evaluation is a full training by the recipe: its networks are what a search is for, and none is trained again. It
   * gives `weights` and a validation accuracy.
   */
  readonly trainsInFull: boolean
  /** The score is the accuracy, in 0..1, of a network trained as a whole: a search may have a target for it. */
  readonly scoreIsAccuracy: boolean
  /** A shorter training of the whole network: what searches of equal accuracy are compared with. */
  readonly isShortTraining: boolean
}

/** The traits of an evaluator with its settings. */
export interface EvaluatorTraits extends FixedTraits {
  /** How slow learners are rejected; null if none is. */
  readonly pace: Pace | null
}

/** How slow learners are rejected: a trial ends once a phase of it costs `ratio` times the cheapest so far. */
export interface Pace {
  /** The phase of the cost that is compared. */
  readonly phase: string
  readonly ratio: number
  /** With `seconds`, runs are not repeatable. */
  readonly unit: CostUnit
  /** When the costs are compared: as each epoch ends, or after every step. */
  readonly check: 'epoch' | 'step'
  /** The phase ends after this many epochs at the latest. */
  readonly maxEpochs: number
  /** Images in a step. */
  readonly batch: number
}

/** An evaluator of which nothing is known. */
export const neutralTraits: EvaluatorTraits = {
  trainsInFull: false,
  scoreIsAccuracy: false,
  isShortTraining: false,
  pace: null,
}

/** How reports show an evaluator. */
export interface EvaluatorDisplay {
  /** In a sentence, such as `full training`; null: by the name that the user gave the arm. */
  readonly title: string | null
  /** Colours of its arms in charts: the first arm has the first one. */
  readonly colours: readonly SeriesColour[]
  /** Whether the line of the first arm is dashed. */
  readonly isDashed?: boolean
  /** How its compute time is shown; what no part holds is shown as `other scores`. */
  readonly parts: readonly CostPart[]
  /** The phase in which networks train up to a threshold, if there is one. */
  readonly thresholdPhase: string | null
}

/** Part of the compute time of an evaluator. */
export interface CostPart {
  readonly title: string
  readonly colour: SeriesColour
  /** The phases of the cost that belong to it; null: all of them. */
  readonly phases: readonly string[] | null
}

/** Colours of charts: a hue, and lighter and darker steps of it. */
export type SeriesColour =
  | `orange${'' | 2 | 3}`
  | 'grey'
  | 'faint'
  | `blue${'' | 2 | 3 | 4}`
  | `green${'' | 2 | 3 | 4}`
  | `purple${'' | 2}`

/** An evaluator of which nothing is known, such as one of another version. */
export const neutralDisplay: EvaluatorDisplay = {
  title: null,
  colours: ['purple', 'purple2'],
  parts: [],
  thresholdPhase: null,
}
