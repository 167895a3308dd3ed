import type { Evaluation } from '../evaluators/evaluator.js'
import { type EvaluatorOptions, traitsOf } from '../evaluators/registry.js'
import type { Channel } from '../execution/channel/channel.js'
import type { Executor } from '../execution/executor.js'
import type { Journal } from '../journal/journal.js'
import type { JournalEvent } from '../journal/journal-event.js'
import type { ReplayedArm } from '../journal/replay.js'
import type { SeedPart } from '../platform/rng.js'
import type { Architecture } from '../spaces/search-space.js'
import { fidelityOf, lineageOf } from '../strategies/lineage.js'
import type { FinishedTrial, Strategy } from '../strategies/strategy.js'
import type { Budget, Spending } from './budget.js'
import { type BudgetBooks, BudgetWatch } from './budget-watch.js'
import { evaluatorsText, fidelitiesOf, hasFidelities, type SearchEvaluators } from './fidelities.js'
import { knowledgeFor } from './knowledge.js'
import type { Ledger } from './ledger.js'
import { Proposer } from './proposer.js'
import { type RejectionPolicy, rejectionPolicy } from './rejection-policy.js'
import { openSearchChannel } from './search-channel.js'
import type { Progress, SearchEnd, SearchEvent } from './search-event.js'
import { dataSeed, type RunningTrial, seedIndex, trialSeed } from './trial.js'
import { TrialTable } from './trial-table.js'

export interface SearchOptions extends SearchEvaluators<EvaluatorOptions> {
  readonly arm: string
  /** The run's seed. */
  readonly seed: SeedPart
  readonly strategy: Strategy
  /** The canonical form: equal for architectures that count as the same. */
  readonly canonical: (architecture: Architecture) => string
  readonly budget: Budget
  /** The results of earlier sessions for this arm. */
  readonly earlier?: ReplayedArm | undefined
}

/** What a search depends on: executor, clock, journal and stop signal. */
export interface SearchServices extends BudgetBooks {
  readonly executor: Executor
  /** Seconds since the arm began, over all sessions of the run. */
  readonly wallSeconds: () => number
  /** Records every cost, including those of earlier sessions. */
  readonly ledger: Ledger
  readonly journal?: Journal | undefined
  readonly onEvent?: ((event: SearchEvent) => void) | undefined
  /** Called for each evaluation as it finishes, with the trained network if there is one. */
  readonly onEvaluation?: ((trial: FinishedTrial, evaluation: Evaluation) => void) | undefined
  /** When aborted, no new trials start and running ones finish. */
  readonly stop?: AbortSignal | undefined
}

export interface SearchResult {
  readonly table: TrialTable
  readonly endedBy: SearchEnd
  readonly spent: Spending
}

/**
 * Runs the search: asks the strategy for architectures and evaluates them on all workers, until the budget is used up,
 * the space is exhausted or a stop is requested. Running trials finish unless the budget aborts them.
 *
 * The trial table depends only on the options, not on workers or timing, unless rejection or the budget is in seconds.
 *
 * @throws whatever the journal or the executor throws, after the running trials have ended.
 */
export function runSearch(options: SearchOptions, services: SearchServices): Promise<SearchResult> {
  return new Driver(options, services).run()
}

class Driver {
  readonly #options: SearchOptions
  readonly #services: SearchServices
  readonly #table: TrialTable
  readonly #proposer: Proposer
  /** Null where running trials share nothing. */
  readonly #channel: Channel | null
  readonly #budget: BudgetWatch
  readonly #evaluators: readonly EvaluatorOptions[]
  /** One per fidelity. */
  readonly #policies: readonly RejectionPolicy[]
  readonly #workers: number
  readonly #dataSeed: readonly SeedPart[]
  #inFlight = 0
  #endedBy: SearchEnd | null = null
  #failure: { readonly error: unknown } | null = null
  /** Wakes `run` after a trial has finished. */
  #wake: () => void = () => {}

  constructor(options: SearchOptions, services: SearchServices) {
    this.#options = options
    this.#services = services
    const evaluators = fidelitiesOf(options)
    const table = new TrialTable(options.canonical, evaluators.length)
    const knowledge = knowledgeFor(options.strategy, evaluators)
    this.#evaluators = evaluators
    this.#table = table
    this.#proposer = new Proposer(options, table, knowledge)
    this.#workers = Math.min(services.executor.workers, knowledge.maxInFlight)
    const paces = evaluators.map((evaluator) => traitsOf(evaluator).pace)
    const channel = openSearchChannel(services.executor, paces, options.budget, this.#workers)
    this.#channel = channel
    this.#budget = new BudgetWatch(options.arm, options.budget, services, table, channel)
    this.#policies = paces.map((pace, fidelity) => rejectionPolicy(pace, fidelity, table, knowledge, channel))
    this.#dataSeed = dataSeed(options.seed)
  }

  async run(): Promise<SearchResult> {
    try {
      return await this.#search()
    } finally {
      this.#channel?.close()
    }
  }

  async #search(): Promise<SearchResult> {
    this.#announce()
    for (const trial of this.#options.earlier?.trials.values() ?? []) this.#record(trial)
    for (;;) {
      this.#startTrials()
      if (this.#inFlight === 0) break
      // Not Promise.race: a slow trial's promise would collect a reaction for every faster trial.
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    await this.#services.journal?.flush()
    if (this.#failure !== null) throw this.#failure.error
    return { table: this.#table, endedBy: this.#endedBy ?? 'space-exhausted', spent: this.#budget.spent() }
  }

  /** Starts as many trials as the free workers, the budget, the strategy and the required results allow. */
  #startTrials(): void {
    try {
      while (this.#inFlight < this.#workers && this.#mayStartNext()) {
        const index = this.#table.proposed
        const proposal = this.#proposer.next()
        if (proposal === null) {
          if (this.#proposer.isDone) this.#endedBy = 'space-exhausted'
          continue
        }
        const trial = this.#table.propose(proposal)
        if (!this.#options.earlier?.trials.has(index)) void this.#evaluate(trial)
      }
    } catch (error) {
      this.#fail(error)
    }
  }

  #mayStartNext(): boolean {
    if (this.#failure !== null) return false
    const index = this.#table.proposed
    // A trial that an earlier session started was within the budget then, so it finishes.
    const wasStarted = this.#options.earlier?.proposals.has(index) ?? false
    if (!wasStarted) this.#endedBy ??= this.#budget.reached()
    if (this.#services.stop?.aborted) this.#endedBy ??= 'stopped'
    return this.#endedBy === null && this.#proposer.isReady
  }

  async #evaluate(trial: RunningTrial): Promise<void> {
    const { seed } = this.#options
    const key = this.#keyOf(trial)
    const fidelity = fidelityOf(trial)
    this.#inFlight++
    const member = this.#channel?.join()
    try {
      this.#write({ event: 'trial.started', ...key })
      this.#services.onEvent?.({ kind: 'trial-started', ...key })
      const evaluation = await this.#services.executor.evaluate({
        architecture: trial.architecture,
        trialSeed: trialSeed(seed, seedIndex(trial)),
        dataSeed: this.#dataSeed,
        evaluator: this.#evaluators[fidelity] as EvaluatorOptions,
        rejection: (this.#policies[fidelity] as RejectionPolicy).reference(trial.index),
        budget: this.#budget.taskBudget(),
        channel: member?.ref,
      })
      this.#tell({ ...trial, outcome: evaluation.outcome }, evaluation)
    } catch (error) {
      this.#fail(error)
    } finally {
      member?.leave()
      this.#budget.settle()
      this.#inFlight--
      this.#wake()
    }
  }

  #tell(trial: FinishedTrial, evaluation: Evaluation): void {
    const key = this.#keyOf(trial)
    const { outcome } = trial
    this.#record(trial)
    this.#services.onEvaluation?.(trial, evaluation)
    this.#write({ event: 'trial.finished', ...key, outcome, wallSeconds: this.#services.wallSeconds() })
    this.#services.onEvent?.({ kind: 'trial-finished', ...key, outcome, progress: this.#progress() })
  }

  /** Records a finished trial of this session or an earlier one. */
  #record(trial: FinishedTrial): void {
    const fidelity = hasFidelities(this.#options) ? fidelityOf(trial) : undefined
    this.#services.ledger.charge(this.#options.arm, 'evaluation', trial.outcome, fidelity)
    this.#table.finish(trial)
    for (const policy of this.#policies) policy.observe(trial)
  }

  #keyOf(trial: RunningTrial) {
    return { arm: this.#options.arm, trial: trial.index, architecture: trial.architecture, ...lineageOf(trial) }
  }

  /** Not awaited, so that trials do not wait for the disk. A disk error ends the search. */
  #write(event: JournalEvent): void {
    this.#services.journal?.append(event).catch((error: unknown) => this.#fail(error))
  }

  #fail(error: unknown): void {
    this.#failure ??= { error }
  }

  #announce(): void {
    const { arm, strategy, budget, earlier } = this.#options
    this.#services.onEvent?.({
      kind: 'arm-started',
      arm,
      strategy: strategy.name,
      evaluator: evaluatorsText(this.#options),
      budget,
      workers: this.#workers,
      idleWorkers: this.#services.executor.workers - this.#workers,
      resumedTrials: earlier?.trials.size ?? 0,
    })
  }

  #progress(): Progress {
    const { computeSeconds, epochs, trainingFlops } = this.#budget.spent()
    return {
      finishedTrials: this.#table.finished.length,
      runningTrials: this.#inFlight - 1,
      computeSeconds,
      epochs,
      trainingFlops,
      wallSeconds: this.#services.wallSeconds(),
      best: this.#table.leader,
    }
  }
}
