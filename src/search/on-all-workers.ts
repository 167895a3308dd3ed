import type { Executor } from '../execution/executor.js'

/**
 * Runs `work` for each item in order, on all workers, until `stop` is aborted. Work that has started always finishes.
 *
 * @param work returns false to start no further item.
 * @throws the first error of `work`, after all started work has ended, so that the journal may be closed.
 */
export async function onAllWorkers<T>(
  { workers }: Pick<Executor, 'workers'>,
  items: Iterable<T>,
  stop: AbortSignal | undefined,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const queue = items[Symbol.iterator]()
  const failures: unknown[] = []
  let goesOn = true
  const worker = async (): Promise<void> => {
    while (goesOn && !stop?.aborted) {
      const next = queue.next()
      if (next.done) return
      try {
        if ((await work(next.value)) === false) goesOn = false
      } catch (error) {
        failures.push(error)
        goesOn = false
      }
    }
  }
  await Promise.all(Array.from({ length: workers }, worker))
  if (failures.length > 0) throw failures[0]
}
