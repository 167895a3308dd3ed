import type { FinishedTrial } from '../strategy.js'

/** Finished trials by canonical form. Follows a history that grows; any other history starts it over. */
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

  /** Takes in `trials`. Returns whether all trials of the last call are among them: what followed from those holds. */
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
    // A copy: the driver's own list goes on growing.
    this.#followed = trials.slice()
    return grew
  }
}
