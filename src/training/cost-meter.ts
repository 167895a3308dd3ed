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

  constructor(clock: Clock, phase: string) {
    this.#clock = clock
    this.#startedAt = clock.now()
    this.#enteredAt = this.#startedAt
    this.#phase = phase
    this.#phases.set(phase, this.#current)
  }

  /** Closes the current phase and goes on in `phase`. */
  enter(phase: string): void {
    const now = this.#clock.now()
    this.#current.computeSeconds += now - this.#enteredAt
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

  /** @param part in (0, 1]: of an epoch that was left before its end. */
  addEpoch(part = 1): void {
    this.#current.epochs += part
  }

  /** The phase that runs now. */
  get phase(): string {
    return this.#phase
  }

  /** What the current phase has cost so far. */
  phaseCost(): Cost {
    return { ...this.#current, computeSeconds: this.#current.computeSeconds + this.#clock.now() - this.#enteredAt }
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
