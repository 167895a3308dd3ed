import type { AccuracyTable } from '../../evaluators/tabular/accuracy-table.js'
import { tabularOptions } from '../../evaluators/tabular/options.js'
import { createTabularEvaluator } from '../../evaluators/tabular/tabular-evaluator.js'
import { ConfigError, FearNasError } from '../../platform/errors.js'
import { createRng, seedText } from '../../platform/rng.js'
import { listedSpace } from '../../spaces/listed-space.js'
import { createSearchSpace, type SpaceOptions } from '../../spaces/registry.js'
import type { SearchSpace } from '../../spaces/search-space.js'
import { rankAgreement } from '../../statistics/rank-agreement.js'
import { createStrategy, defaultStrategyOptions, promotes } from '../../strategies/registry.js'
import { overSearches } from './over-searches.js'
import { type RegretCourse, regretBySeconds, regretByTrials } from './regret-curves.js'
import { simulateSearch } from './simulate-search.js'
import type { RegretCurves, Selection, SimulatedArm, SimulationOptions, SimulationResult } from './simulation.js'

/** The top percentages of the table, by report accuracy, for which rank agreement is computed. */
const topPercents = [10, 20, 50, 100]

export interface SimulationServices {
  readonly table: AccuracyTable
  /** The space of the table; searches use the architectures that the table has. */
  readonly space: SpaceOptions
  /** Called now and then with the progress, in 0..1. */
  readonly onProgress?: ((fraction: number, message: string) => void) | undefined
  /** Aborting it ends the simulation with an error. */
  readonly stop?: AbortSignal | undefined
}

/**
 * Runs `searches` searches for every strategy and selection, and as many selecting by the report column itself, the
 * best that any selection can do. Search i has the same seed for every selection, so that random search sees the same
 * architectures in the same order: differences between selections are paired.
 *
 * The result depends only on the options and the table.
 *
 * @throws DataError if a column is missing or wrong, ConfigError if a search is longer than the table or a strategy
 * cannot be created; before any search. FearNasError if it is stopped.
 */
export async function runSimulation(
  options: SimulationOptions,
  services: SimulationServices,
): Promise<SimulationResult> {
  const plan = createPlan(options, services)
  const { table, accuracies, selections } = plan
  const courses: ArmCourses[] = []
  const arms = options.strategies.reduce((sum, name) => sum + (promotes(name) ? 1 : selections.length), 0)
  let done = 0
  for (const strategy of options.strategies) {
    for (const selection of promotes(strategy) ? [plan.fidelities] : selections) {
      const progress = async (searches: number): Promise<void> => {
        services.onProgress?.(
          (done + searches / options.searches) / arms,
          `${strategy} selecting by ${nameOf(selection)}`,
        )
        // Searches in simulated time never wait: timers and input get their turn here.
        await new Promise((resolve) => setImmediate(resolve))
        if (services.stop?.aborted) throw new FearNasError('The simulation was stopped before its end. Run it again.')
      }
      courses.push({
        strategy,
        select: nameOf(selection),
        isTimed: selection.every(({ seconds }) => seconds !== null),
        courses: await searchMany(plan, strategy, selection, progress),
      })
      done++
    }
  }
  const bestIndex = accuracies.indexOf(plan.best)
  return {
    architectures: table.architectures.length,
    best: { architecture: table.architectures[bestIndex] as string, accuracy: plan.best },
    arms: courses.map((arm) => summariseArm(plan, arm, reportArm(courses, arm.strategy, options.report))),
    curves: courses.map(curvesOf),
    ranking: [...new Set([...selections, plan.fidelities].flatMap((columns) => columns.map(({ column }) => column)))]
      .filter((column) => column !== options.report)
      .map((column) => ({
        select: column,
        agreement: rankAgreement([...accuracies], [...table.column(column).values], topPercents),
      })),
  }
}

/** The checked input of the searches. */
interface Plan {
  readonly options: SimulationOptions
  readonly table: AccuracyTable
  /** The whole space, and the part that the table has. */
  readonly wanted: SpaceOptions
  readonly space: SearchSpace
  /** The requested columns, one at a time, and the report column. */
  readonly selections: readonly Judges[]
  /** Empty if no strategy uses them. */
  readonly fidelities: Judges
  /** Values of the report column, in the order of the table. */
  readonly accuracies: Float64Array
  readonly best: number
}

/** The columns a search selects by, the cheapest first. */
type Judges = readonly Selection[]

function nameOf(judges: Judges): string {
  return judges.map(({ column }) => column).join(' + ')
}

interface ArmCourses {
  readonly strategy: string
  readonly select: string
  /** Whether the seconds per evaluation are known. */
  readonly isTimed: boolean
  readonly courses: readonly RegretCourse[]
}

function createPlan(options: SimulationOptions, { table, space: wanted }: SimulationServices): Plan {
  const { report, trials, duplicates } = options
  const accuracies = table.accuracies(report).values
  const space = listedSpace(createSearchSpace(wanted), table.architectures)
  const distinct = space.distinct(duplicates)
  if (trials > distinct) {
    throw new ConfigError(
      `${table.file} has ${distinct} different architectures (duplicates: ${duplicates}), too few for searches of ` +
        `${trials} trials. Ask for at most ${distinct}.`,
    )
  }
  const asked = options.selections
  const { fidelities = [], seconds: budget = null } = options
  // With a budget in seconds, a column without seconds cannot be used.
  const addsReport = budget === null && asked.every(({ column }) => column !== report)
  const selections = addsReport ? [...asked, { column: report, seconds: null }] : asked
  for (const { column, seconds } of [...selections, ...fidelities]) {
    table.column(column)
    if (typeof seconds === 'string') table.seconds(seconds)
    if (budget !== null && seconds === null) {
      throw new ConfigError(`A budget of seconds needs the seconds of every column: write ${column}=seconds.`)
    }
  }
  for (const strategy of options.strategies) {
    if (promotes(strategy) && fidelities.length < 2) {
      throw new ConfigError(`${strategy} needs at least two fidelities: columns, the cheapest first.`)
    }
    if (!promotes(strategy) && selections.length === 0) {
      throw new ConfigError(`${strategy} needs a column to select by, with its seconds.`)
    }
    createStrategy(defaultStrategyOptions(strategy, duplicates), space, createRng(options.seed))
  }
  const best = accuracies.reduce((a, b) => Math.max(a, b))
  return { options, table, wanted, space, selections: selections.map((one) => [one]), fidelities, accuracies, best }
}

async function searchMany(
  { options, table, wanted, space, accuracies, best }: Plan,
  strategy: string,
  judges: Judges,
  progress: (searches: number) => Promise<void>,
): Promise<readonly RegretCourse[]> {
  const { searches, trials, workers, duplicates } = options
  const strategyOptions = defaultStrategyOptions(strategy, duplicates)
  const evaluators = judges.map(({ column, seconds }) => {
    // If the seconds are unknown any value works, and there are no results in seconds.
    const costs = { score: column, seconds: seconds ?? 1 }
    const options = tabularOptions({ table: table.file, space: wanted, partial: true, ...costs })
    return { evaluator: createTabularEvaluator(table, costs), options }
  })
  const budget = { trials, computeSeconds: options.seconds ?? undefined }
  const courses: RegretCourse[] = []
  for (let i = 0; i < searches; i++) {
    if (i % 20 === 0) await progress(i)
    const seed = seedText([options.seed, 'search', i])
    const search = await simulateSearch({
      seed,
      strategy: strategyOptions,
      space,
      budget,
      workers,
      evaluators,
    })
    const regrets = search.improvements.map(
      ({ architecture }) => best - (accuracies[table.indexOf(architecture) as number] as number),
    )
    courses.push({ search, regrets })
  }
  return courses
}

function reportArm(arms: readonly ArmCourses[], strategy: string, report: string): ArmCourses | undefined {
  return arms.find((arm) => arm.strategy === strategy && arm.select === report)
}

function summariseArm(
  plan: Plan,
  { strategy, select, isTimed, courses }: ArmCourses,
  report: ArmCourses | undefined,
): SimulatedArm {
  const regrets = courses.map(finalRegret)
  const lost = report?.courses.map((course, i) => finalRegret(course) - (regrets[i] as number))
  return {
    strategy,
    select,
    accuracy: overSearches(regrets.map((regret) => plan.best - regret)),
    regret: overSearches(regrets),
    foundBest: regrets.filter((regret) => regret === 0).length / regrets.length,
    seconds: isTimed ? overSearches(courses.map(({ search }) => search.seconds)) : null,
    againstReport: lost === undefined || select === plan.options.report ? null : overSearches(lost),
  }
}

function finalRegret({ regrets }: RegretCourse): number {
  return regrets.at(-1) as number
}

function curvesOf({ strategy, select, isTimed, courses }: ArmCourses): RegretCurves {
  return { strategy, select, byTrials: regretByTrials(courses), bySeconds: isTimed ? regretBySeconds(courses) : null }
}
