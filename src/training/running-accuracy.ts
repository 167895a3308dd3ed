import type { TrainedStep } from './epoch.js'

/** The train accuracy over the images of the last so many steps, each counted before its batch's update. */
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

  /** Takes in a step, in place of the oldest where the window is full. */
  add({ correct, count }: TrainedStep): void {
    const slot = this.#steps % this.#counts.length
    // Whole numbers: the sums stay exact however long this goes on.
    this.#sumCorrect += correct - (this.#correct[slot] as number)
    this.#sumCount += count - (this.#counts[slot] as number)
    this.#correct[slot] = correct
    this.#counts[slot] = count
    this.#steps++
  }

  /** Whether so many steps have been taken in. */
  get isFull(): boolean {
    return this.#steps >= this.#counts.length
  }

  /** In 0..1, of the steps there are. */
  get value(): number {
    return this.#sumCorrect / this.#sumCount
  }
}
