import { datasetNames, neededPath, ownSettings, settingsOf } from '../datasets/registry.js'
import { settingProblems } from '../evaluators/registry.js'
import { ConfigError } from '../platform/errors.js'
import { createRng } from '../platform/rng.js'
import { createSearchSpace } from '../spaces/registry.js'
import { createStrategy } from '../strategies/registry.js'
import { checkFidelities } from './check-fidelities.js'
import { checkInTraining } from './check-in-training.js'
import { checkPrefilters } from './check-prefilter.js'
import { checkTarget } from './check-target.js'
import { evaluatorsOf } from './evaluators-of.js'
import { type Complaint, dotted } from './issues.js'
import { isAtHand, strategiesOf } from './parts.js'
import type { Config } from './schema/config.js'
import { spaceSetup } from './space-setup.js'

/** Problems between settings, such as contradictions. Empty if there are none. */
export function checkConfig(config: Config): readonly Complaint[] {
  // The remaining checks need the space. Of a module see `checkModules`.
  const hasSpace = isAtHand(config.space)
  const wrongSpace = hasSpace ? checkSpace(config) : []
  if (wrongSpace.length > 0) return wrongSpace
  return [
    ...checkSize(config),
    ...checkPath(config),
    ...checkOwnSettings(config),
    ...(hasSpace ? checkInSpace(config) : []),
    ...checkWorkers(config),
    ...checkFidelities(config),
    ...checkArms(config),
    ...checkPrefilters(config),
    ...checkTarget(config),
    ...checkRank(config),
  ]
}

/** What contradicts the search space, which is made for it. */
export function checkInSpace(config: Config): readonly Complaint[] {
  return [...(buildsAnyNetwork(config.space) ? checkEvaluators(config) : []), ...checkStrategies(config)]
}

/**
 * Whether networks of the space can be looked at before the data are. A space from outside the package may be made for
 * certain images only; cuts are then checked when these are known.
 */
function buildsAnyNetwork(space: Config['space']): boolean {
  if (space.name !== 'module' && space.name !== 'value') return true
  try {
    cutNames(space)
    return true
  } catch {
    return false
  }
}

function checkSpace({ space }: Config): readonly Complaint[] {
  try {
    createSearchSpace(space)
    return []
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return [{ path: ['space'], sentence: `space is not possible: ${error.message}` }]
  }
}

function checkSize({ data }: Config): readonly Complaint[] {
  if (data.size === null || data.size % 4 === 0) return []
  const next = 4 * Math.ceil(data.size / 4)
  return [
    {
      path: ['data', 'size'],
      sentence: `data.size must be a multiple of 4 (two reductions halve it), got ${data.size}. Try ${next}.`,
    },
  ]
}

function checkPath({ data }: Config): readonly Complaint[] {
  if (data.name === 'module' || data.name === 'value') return []
  const needed = neededPath(data.name)
  if (needed === null || data.path !== undefined) return []
  return [{ path: ['data', 'name'], sentence: `data.name ${data.name} needs data.path: ${needed}.` }]
}

/** Settings for the user's own files that the chosen data set does not have. */
function checkOwnSettings({ data }: Config): readonly Complaint[] {
  if (data.name === 'module' || data.name === 'value') return []
  return ownSettings
    .filter((key) => data[key] !== undefined && !settingsOf(data.name).includes(key))
    .map((key) => {
      const having = datasetNames.filter((name) => settingsOf(name).includes(key)).join(' and ')
      const sentence = `data.${key} is for data.name ${having}; ${data.name} does not have this setting. Remove it.`
      return { path: ['data', key], sentence, pointAt: 'key' }
    })
}

function checkWorkers({ isolation, workers }: Config): readonly Complaint[] {
  if (isolation !== 'none' || workers === 'auto' || workers === 1) return []
  const sentence = `workers must be 1 with isolation: none, got ${workers}. Set isolation to auto, or workers to 1.`
  return [{ path: ['workers'], sentence }]
}

function checkEvaluators(config: Config): readonly Complaint[] {
  const { data, space, training } = config
  const fit = { recipe: training, trainImages: data.train || Infinity, cutNames: () => cutNames(space) }
  return evaluatorsOf(config).flatMap(({ path: base, evaluator }) =>
    settingProblems(evaluator, fit).map(({ path: within, message }) => {
      const path = [...base, ...within]
      return { path, sentence: `${dotted(path)} ${message}.` }
    }),
  )
}

/** Strategies are made before any work is done, since one may not suit the space. Of modules see `checkModules`. */
function checkStrategies(config: Config): readonly Complaint[] {
  return strategiesOf(config).flatMap(([base, strategy]) => {
    if (!isAtHand(strategy)) return []
    try {
      createStrategy(strategy, createSearchSpace(config.space), createRng('check'))
      return []
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      const path = [...base, 'name']
      return [{ path, sentence: `${dotted(path)} ${error.message}` }]
    }
  })
}

function checkArms({ arms = [], budget, resampling }: Config): readonly Complaint[] {
  const names = arms.map(({ name }) => name)
  const complaints: Complaint[] = names.flatMap((name, i) => {
    if (names.indexOf(name) === i) return []
    const path = ['arms', i, 'name']
    return [{ path, sentence: `${dotted(path)} is ${name}, the same as arms.${names.indexOf(name)}.name. Change one.` }]
  })
  for (const [i, name] of names.entries()) {
    // JavaScript objects put integer-like keys first, which would change the order in the JSON summary.
    if (!/^(?:0|[1-9]\d*)$/.test(name)) continue
    const path = ['arms', i, 'name']
    const sentence = `${dotted(path)} must not be only a whole number (arms would be reordered), got ${name}. Try arm-${name}.`
    complaints.push({ path, sentence })
  }
  const { architectures, replacement } = resampling
  if (!replacement && (architectures ?? 0) > (budget.trials ?? Infinity)) {
    const path = ['resampling', 'architectures']
    const sentence = `${dotted(path)} must be at most budget.trials (${budget.trials}) without replacement, got ${architectures}.`
    complaints.push({ path, sentence })
  }
  return complaints
}

function checkRank(config: Config): readonly Complaint[] {
  return [...checkRanked(config), ...checkRepeated(config), ...checkInTraining(config)]
}

function checkRanked({ rank }: Config): readonly Complaint[] {
  if (rank === undefined || rank.evaluators.length > 0 || rank.inTraining !== undefined) return []
  const path = ['rank', 'evaluators']
  return [{ path, sentence: 'rank.evaluators must be a list of at least one evaluator, or rank.inTraining be given.' }]
}

function checkRepeated({ rank }: Config): readonly Complaint[] {
  const texts = rank?.evaluators.map((evaluator) => JSON.stringify(evaluator)) ?? []
  return texts.flatMap((text, i) => {
    const first = texts.indexOf(text)
    if (first === i) return []
    const path = ['rank', 'evaluators', i]
    return [{ path, sentence: `${dotted(path)} is the same as rank.evaluators.${first}. Leave one out.` }]
  })
}

/** The cuts at which networks of the space can be frozen; the same for all networks and images. */
function cutNames(settings: Config['space']): readonly string[] {
  const { macro, ...options } = spaceSetup(settings, { channels: 1, height: 32, width: 32, classes: 2 })
  const space = createSearchSpace(options)
  return space.network(space.at(0), macro).cuts.map((cut) => cut.name)
}
