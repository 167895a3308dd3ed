import type { JournalEvent } from './journal-event.js'

/**
 * Checks the order of a journal's events: an arm starts its trials in order of index, and trains in full, measures and
 * promotes only existing trials. Resuming uses these indices to fill its tables.
 */
export class EventOrder {
  /** Number of trials that each arm has started. */
  readonly #started = new Map<string, number>()

  /** The problem with the next event, in words; null if it is valid here. */
  next(event: JournalEvent): string | null {
    switch (event.event) {
      case 'trial.started':
      case 'trial.finished': {
        const { arm, trial, promotes, origin } = event
        const started = this.#started.get(arm) ?? 0
        if (trial > started) return `trial ${trial} comes before trial ${started} of its arm`
        if (promotes !== undefined && promotes >= trial) return `trial ${trial} promotes trial ${promotes}, a later one`
        if (origin !== undefined && origin >= trial)
          return `trial ${trial} has its seeds from trial ${origin}, a later one`
        if (trial === started) this.#started.set(arm, started + 1)
        return null
      }
      case 'finalist.finished':
      case 'test.finished':
      case 'latency.reported': {
        const { arm, trial } = event
        return trial < (this.#started.get(arm) ?? 0) ? null : `its arm has started no trial ${trial}`
      }
      default:
        return null
    }
  }
}
