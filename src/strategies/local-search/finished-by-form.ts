import type { FinishedTrial } from '../strategy.js'

/** Finished trials by canonical form. Updated incrementally while the history grows; rebuilt for any other history. */
export class FinishedByForm {
  readonly #formOf: (trial: FinishedTrial) => string
  readonly #byForm = new Map<string, FinishedTrial>()
  #followed: readonly FinishedTrial[] = []

  constructor(formOf: (trial: FinishedTrial) => string) {
    this.#formOf = formOf
  }

  get(form: string): FinishedTrial | undefined {
    return this.#byForm.get(form)
  }

  /**
   * Adds `trials`. Returns whether all trials of the last call are among them, so that conclusions from those still
   * hold.
   */
  follow(trials: readonly FinishedTrial[]): boolean {
    const added: FinishedTrial[] = []
    let met = 0
    for (const trial of trials) {
      if (trial === this.#followed[met]) met++
      else added.push(trial)
    }
    const grew = met === this.#followed.length
    if (!grew) this.#byForm.clear()
    for (const trial of grew ? added : trials) this.#byForm.set(this.#formOf(trial), trial)
    // A copy: the driver's list keeps growing.
    this.#followed = trials.slice()
    return grew
  }
}
