import type { EvaluationTask } from '../../src/execution/executor.js'
import type { SearchServices } from '../../src/search/driver.js'
import { Ledger } from '../../src/search/ledger.js'
import type { SearchEvent } from '../../src/search/search-event.js'
import { toyNetwork, toyWorld } from './toy-evaluation.js'

/** What became of a part of a search, and what it did meanwhile. */
export interface WatchedRun<Result> {
  readonly result: Result
  readonly ledger: Ledger
  readonly events: readonly SearchEvent[]
  readonly tasks: readonly EvaluationTask[]
}

export type ChangedServices = Partial<SearchServices> & { readonly workers?: number }

/** Runs a part of a search in a toy world, where evaluations finish in another order than they start in. */
export async function watchedRun<Result>(
  run: (services: SearchServices) => Promise<Result>,
  { workers = 2, ...services }: ChangedServices = {},
): Promise<WatchedRun<Result>> {
  const { clock, executor } = toyWorld(workers, (architecture) => 0.01 + 0.1 * toyNetwork(architecture).accuracy)
  const ledger = new Ledger()
  const events: SearchEvent[] = []
  const tasks: EvaluationTask[] = []
  const watched: SearchServices['executor'] = {
    ...executor,
    evaluate(task) {
      tasks.push(task)
      return (services.executor ?? executor).evaluate(task)
    },
  }
  const onEvent = (event: SearchEvent): number => events.push(event)
  const result = await run({ wallSeconds: () => clock.now(), ledger, onEvent, ...services, executor: watched })
  return { result, ledger, events, tasks }
}
