import type { Executor } from '../execution/executor.js'

/**
 * Does `work` for each item, in their order, as many at a time as the executor has workers, until `stop` is aborted. What
 * was begun ends in any case.
 *
 * @param work returns false where no further item is to be begun.
 * @throws the first error of `work`, once all that was begun has ended: the journal may be closed then.
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
