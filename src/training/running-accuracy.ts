import type { TrainedStep } from './epoch.js'

/** The training accuracy over the images of the last `window` steps, each counted before its batch's update. */
export class RunningAccuracy {
  readonly #correct: Float64Array
  readonly #counts: Float64Array
  #steps = 0
  #sumCorrect = 0
  #sumCount = 0

  constructor(window: number) {
    this.#correct = new Float64Array(window)
    this.#counts = new Float64Array(window)
  }

  /** Adds a step, replacing the oldest if the window is full. */
  add({ correct, count }: TrainedStep): void {
    const slot = this.#steps % this.#counts.length
    // Whole numbers, so that the sums stay exact.
    this.#sumCorrect += correct - (this.#correct[slot] as number)
    this.#sumCount += count - (this.#counts[slot] as number)
    this.#correct[slot] = correct
    this.#counts[slot] = count
    this.#steps++
  }

  /** Whether the window is full. */
  get isFull(): boolean {
    return this.#steps >= this.#counts.length
  }

  /** In 0..1, over the steps in the window. */
  get value(): number {
    return this.#sumCorrect / this.#sumCount
  }
}
