import type { SearchEvent } from '../search/search-event.js'
import { isObject } from './check-arguments.js'
import type { RunHooks } from './run-request.js'

/** The functions that a caller passes, and its signal. */
interface Given<Event> extends Omit<RunHooks, 'onEvent'> {
  readonly onEvent?: ((event: Event) => unknown) | undefined
}

/** None of the functions throws, and `signal` is also aborted by the first error of one of them. */
interface Safe<Event> extends Given<Event> {
  readonly onEvent: ((event: Event) => void) | undefined
  readonly signal: AbortSignal
}

/**
 * A caller's listeners, made safe to call. The first error that one of them throws, or that its promise rejects with, stops
 * the run as its signal would; what is running is recorded, and then the run ends with that error. A throw in the middle of
 * a search would lose trials that run beside it, and a rejection that nobody handles ends the process.
 */
export class Listeners<Event = SearchEvent> {
  readonly hooks: Safe<Event>
  readonly #failed = new AbortController()
  readonly #promises = new Set<Promise<void>>()
  #failure: { readonly error: unknown } | null = null

  constructor({ onBegun, onEvent, onProgress, onWarning, signal }: Given<Event>) {
    const { signal: failed } = this.#failed
    this.hooks = {
      onBegun,
      onEvent: this.#safe(onEvent),
      onProgress: this.#safe(onProgress),
      onWarning: this.#safe(onWarning),
      signal: signal === undefined ? failed : AbortSignal.any([signal, failed]),
    }
  }

  /** @throws the first error of a listener so far. */
  check(): void {
    if (this.#failure !== null) throw this.#failure.error
  }

  /**
   * Waits for the promises that listeners have returned.
   *
   * @throws the first error of a listener.
   */
  async settle(): Promise<void> {
    while (this.#promises.size > 0) await Promise.all(this.#promises)
    this.check()
  }

  #safe<Arguments extends readonly unknown[]>(
    listener: ((...given: Arguments) => unknown) | undefined,
  ): ((...given: Arguments) => void) | undefined {
    if (listener === undefined) return undefined
    return (...given) => {
      try {
        const returned = listener(...given)
        if (isThenable(returned)) this.#follow(returned)
      } catch (error) {
        this.#fail(error)
      }
    }
  }

  #follow(returned: PromiseLike<unknown>): void {
    const promise = Promise.resolve(returned)
      .then(
        () => {},
        (error: unknown) => this.#fail(error),
      )
      .then(() => void this.#promises.delete(promise))
    this.#promises.add(promise)
  }

  #fail(error: unknown): void {
    this.#failure ??= { error }
    this.#failed.abort()
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return isObject(value) && 'then' in value && typeof value.then === 'function'
}
