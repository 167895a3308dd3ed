import type { Clock } from '../platform/clock.js'
import { addCosts, type Cost, noCost } from './cost.js'

/** A cost and its parts by phase, which sum to it exactly. */
export interface MeterReading {
  readonly cost: Cost
  readonly phases: Readonly<Record<string, Cost>>
}

/**
 * Sums the costs of one trial by phase. A phase lasts until the next is entered, so that every second is counted. A
 * phase that is entered again continues its sum.
 */
export class CostMeter {
  readonly #clock: Clock
  readonly #startedAt: number
  /** The phases' costs, without the seconds of the current phase since it was entered. */
  readonly #phases = new Map<string, { -readonly [Key in keyof Cost]: Cost[Key] }>()
  #phase: string
  #current = { ...noCost }
  #enteredAt: number
  /** The part of the current epoch that is done. */
  #epochPart = 0
  readonly #isOver: (spent: Cost) => boolean

  /** @param isOver gets the trial's cost so far; returns whether the budget it shares with other trials is exceeded. */
  constructor(clock: Clock, phase: string, isOver: (spent: Cost) => boolean = () => false) {
    this.#clock = clock
    this.#isOver = isOver
    this.#startedAt = clock.now()
    this.#enteredAt = this.#startedAt
    this.#phase = phase
    this.#phases.set(phase, this.#current)
  }

  /** Ends the current phase and enters `phase`. */
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

  /**
   * @param part in [0, 1]: the share of its images that the current epoch has seen. It counts if the epoch ends there.
   */
  setEpochPart(part: number): void {
    this.#epochPart = part
  }

  /** The epoch has seen all its images and counts as exactly one, without rounding errors of its parts. */
  addEpoch(): void {
    this.#epochPart = 0
    this.#current.epochs++
  }

  /** Whether the budget that this trial shares with others is exceeded. */
  isOverBudget(): boolean {
    return this.#isOver(this.read().cost)
  }

  /** The current phase. */
  get phase(): string {
    return this.#phase
  }

  /** The cost of the current phase so far. */
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

  /** The cost of all phases so far. */
  read(): MeterReading {
    const running = this.phaseCost()
    const phases = Object.fromEntries(
      [...this.#phases].map(([name, cost]) => [name, name === this.#phase ? running : { ...cost }]),
    )
    return { cost: Object.values(phases).reduce(addCosts, noCost), phases }
  }
}
