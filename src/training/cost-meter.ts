import type { Clock } from '../platform/clock.js'
import { addCosts, type Cost, noCost } from './cost.js'

/** A cost and its parts by phase, which sum to it exactly. */
export interface MeterReading {
  readonly cost: Cost
  readonly phases: Readonly<Record<string, Cost>>
}

/**
 * Adds up what one trial costs, by phase. A phase runs until the next is entered, so that no second between the
 * meter's creation and its reading is lost; a phase entered again goes on where it stopped.
 */
export class CostMeter {
  readonly #clock: Clock
  readonly #startedAt: number
  /** The phases' costs, without the seconds of the current phase since it was entered. */
  readonly #phases = new Map<string, { -readonly [Key in keyof Cost]: Cost[Key] }>()
  #phase: string
  #current = { ...noCost }
  #enteredAt: number
  /** Of the epoch that is going on in the current phase. */
  #epochPart = 0
  readonly #isOver: (spent: Cost) => boolean

  /** @param isOver told what the trial has cost; whether a budget that it shares with other trials is overspent. */
  constructor(clock: Clock, phase: string, isOver: (spent: Cost) => boolean = () => false) {
    this.#clock = clock
    this.#isOver = isOver
    this.#startedAt = clock.now()
    this.#enteredAt = this.#startedAt
    this.#phase = phase
    this.#phases.set(phase, this.#current)
  }

  /** Closes the current phase and goes on in `phase`. */
  enter(phase: string): void {
    const now = this.#clock.now()
    this.#current.computeSeconds += now - this.#enteredAt
    this.#current.epochs += this.#epochPart
    this.#epochPart = 0
    this.#enteredAt = now
    this.#phase = phase
    this.#current = this.#phases.get(phase) ?? { ...noCost }
    this.#phases.set(phase, this.#current)
  }

  addFlops(flops: number): void {
    this.#current.trainingFlops += flops
  }

  addStep(): void {
    this.#current.steps++
  }

  /** @param part in [0, 1]: how much of its images the epoch that goes on has seen. It counts if it is left there. */
  setEpochPart(part: number): void {
    this.#epochPart = part
  }

  /** The epoch has seen all its images: it counts as one, whatever its parts would sum to. */
  addEpoch(): void {
    this.#epochPart = 0
    this.#current.epochs++
  }

  /** Whether a budget that this trial shares with others is overspent. */
  isOverBudget(): boolean {
    return this.#isOver(this.read().cost)
  }

  /** The phase that runs now. */
  get phase(): string {
    return this.#phase
  }

  /** What the current phase has cost so far. */
  phaseCost(): Cost {
    const { computeSeconds, epochs } = this.#current
    return {
      ...this.#current,
      computeSeconds: computeSeconds + this.#clock.now() - this.#enteredAt,
      epochs: epochs + this.#epochPart,
    }
  }

  /** Seconds since the meter was created. */
  busySeconds(): number {
    return this.#clock.now() - this.#startedAt
  }

  /** Everything so far. */
  read(): MeterReading {
    const running = this.phaseCost()
    const phases = Object.fromEntries(
      [...this.#phases].map(([name, cost]) => [name, name === this.#phase ? running : { ...cost }]),
    )
    return { cost: Object.values(phases).reduce(addCosts, noCost), phases }
  }
}
