/**
 * Works on all items, several at a time, as long as their weights together stay within `mostWeight`; a single item is
 * always worked on. Stops at the first error, once the running ones have ended.
 *
 * @param weightOf such as the bytes of memory that an item needs
 */
export async function inParallel<T>(
  items: readonly T[],
  {
    most,
    weightOf,
    mostWeight,
  }: { readonly most: number; readonly weightOf: (item: T) => number; readonly mostWeight: number },
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  const running = new Set<Promise<void>>()
  let weight = 0
  try {
    for (const [index, item] of items.entries()) {
      const own = weightOf(item)
      while (running.size >= most || (running.size > 0 && weight + own > mostWeight)) await Promise.race(running)
      weight += own
      const task = work(item, index).finally(() => {
        weight -= own
        running.delete(task)
      })
      running.add(task)
    }
    await Promise.all(running)
  } finally {
    // After an error the others end too, so that none of theirs goes unhandled.
    await Promise.allSettled(running)
  }
}
