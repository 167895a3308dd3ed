import { z } from 'zod'
import { datasetNames } from '../datasets/registry.js'
import { defaultCalibration as calibration } from '../evaluators/fear/calibration.js'
import { defaultFearOptions as defaults } from '../evaluators/fear/default-options.js'
import { classicMeasures, measureNames } from '../evaluators/zero-cost/registry.js'
import { defaultEta } from '../strategies/fidelities/asha.js'
import { defaultInitial } from '../strategies/fidelities/successive-halving.js'
import { defaultEvolution } from '../strategies/regularized-evolution.js'
import { defaultTpe } from '../strategies/tpe/tpe.js'
import { parseDuration } from './duration.js'
import { sizeRange } from './size-range.js'
import { spaceSchema } from './space-schema.js'

/*
 * The one description of a configuration file: types, defaults, limits and, through their descriptions, the JSON
 * Schema that editors use. Every object is strict: a key that is not listed is an error, never ignored.
 */

const count = z.int().min(0)
const positive = z.int().min(1)
/** The complaint about a fraction out of range; `issues.ts` adds a guess where a percentage was meant. */
export const fractionMessage = 'must be in (0, 1]'
const fraction = z.number().gt(0, fractionMessage).lte(1, fractionMessage)
const rate = z.number().gt(0)

const duration = z
  .union([z.number().gt(0), z.string()])
  .transform((value, context) => {
    const seconds = typeof value === 'number' ? value : parseDuration(value)
    if (seconds === null || seconds <= 0) {
      context.addIssue({ code: 'custom', message: 'must be a duration such as 90s, 30m or 1h30m', input: value })
      return z.NEVER
    }
    return seconds
  })
  .describe('Seconds, or a duration such as 90s, 30m, 1h30m')

const data = z.strictObject({
  name: z.enum(datasetNames).describe('The data set'),
  path: z.string().optional().describe('Archive or folder, for data sets that no package brings'),
  train: count.default(0).describe('Training images, class-balanced; 0 takes all that validation leaves'),
  validation: positive.default(5000).describe('Validation images, class-balanced, taken from the training images'),
  test: count.default(0).describe('Test images, class-balanced; 0 takes all'),
  size: positive.nullable().default(null).describe('Height and width to resample to; null keeps the original'),
  normalise: z
    .boolean()
    .default(true)
    .describe('Scale by mean and deviation of the training images; false: pixels as they are, 0..1'),
  channels: z
    .union([z.literal(1), z.literal(3)])
    .optional()
    .describe('folders: make all images grey (1) or colour (3); without it they are left as they are'),
  layout: z
    .enum(['nhwc', 'nchw'])
    .optional()
    .describe('arrays: channels last or first, where their shape does not tell'),
  testShare: z
    .number()
    .gt(0)
    .max(0.5)
    .optional()
    .describe('arrays, folders: part of the images that is set aside where there are no test images; 0.2 if not given'),
})

const augmentation = z.strictObject({
  flip: z.boolean().default(false).describe('Horizontal flip with probability one half'),
  crop: count.default(0).describe('Zero padding before a random crop; 0 for none'),
  cutout: count.default(0).describe('Side of the square set to zero; 0 for none'),
})

const training = z.strictObject({
  epochs: positive.default(12),
  batch: positive.default(128),
  learningRate: rate.default(0.1),
  momentum: z.number().min(0).lt(1).default(0.9),
  nesterov: z.boolean().default(true),
  weightDecay: z.number().min(0).default(5e-4).describe('Coupled L2 on every parameter'),
  schedule: z.enum(['cosine', 'constant']).default('cosine').describe('Learning rate over the epochs'),
  clipNorm: rate.nullable().default(5).describe('Global L2 norm of the gradient; null for no clipping'),
  augmentation: augmentation.prefault({}),
})

const duplicates = z
  .enum(['string', 'nats-bench', 'isomorphism'])
  .default('isomorphism')
  .describe('When two architectures count as the same and are not proposed twice')

const eta = z
  .int()
  .min(2)
  .default(defaultEta)
  .describe('One of so many trials of a fidelity is evaluated again by the next')

const strategy = z.discriminatedUnion('name', [
  z.strictObject({
    // Also where there are other settings and no name.
    name: z.literal('random').optional().default('random'),
    duplicates,
  }),
  z.strictObject({
    name: z.literal('regularized-evolution'),
    duplicates,
    population: positive.default(defaultEvolution.population).describe('How many of the latest trials are alive'),
    sample: positive.default(defaultEvolution.sample).describe('How many draws of them compete to be the parent'),
  }),
  z.strictObject({ name: z.literal('local-search'), duplicates }),
  z.strictObject({
    name: z.literal('tpe'),
    duplicates,
    startup: positive.default(defaultTpe.startup).describe('Random architectures before the first of the model'),
    good: z
      .number()
      .gt(0, 'must be in (0, 1)')
      .lt(1, 'must be in (0, 1)')
      .default(defaultTpe.good)
      .describe('Share of the finished trials that counts as good'),
    candidates: positive.default(defaultTpe.candidates).describe('Draws that compete to be the next proposal'),
  }),
  z.strictObject({ name: z.literal('enumeration'), duplicates }),
  z.strictObject({
    name: z.literal('successive-halving'),
    duplicates,
    eta,
    initial: positive
      .default(defaultInitial)
      .describe('Architectures that a bracket begins with; at least eta to the power of the lower fidelities'),
  }),
  z.strictObject({ name: z.literal('asha'), duplicates, eta }),
  z.strictObject({
    name: z.literal('module'),
    duplicates,
    module: z.string().min(1).describe("A file or package of one's own whose default export makes a strategy"),
    settings: z.record(z.string(), z.unknown()).default({}).describe('Handed to it as they are'),
  }),
])

const fear = z.strictObject({
  name: z.literal('fear'),
  preset: z
    .literal('paper')
    .optional()
    .describe("FEAR's authors' settings for the data set, where nothing else is written here"),
  threshold: z
    .union([fraction, z.literal('auto')], { error: 'must be a number in (0, 1], or auto' })
    .default(defaults.threshold)
    .describe('Train accuracy that ends stage 1; auto: found by a short calibration, which the arm pays for'),
  calibration: z
    .strictObject({
      architectures: positive.default(calibration.architectures).describe('How many, drawn from the space'),
      epochs: positive
        .default(calibration.epochs)
        .describe('Each is trained so long, and threshold is the median of the best they reach'),
      steps: count.default(calibration.steps).describe('And on to the end of the epoch in which it has had so many'),
    })
    .prefault({})
    .describe('Of threshold: auto'),
  maxEpochs: positive.default(defaults.maxEpochs).describe('Stage 1 gives up after this many epochs'),
  ratio: z
    .number()
    .gt(1)
    .nullable()
    .default(defaults.ratio)
    .describe('Reject at ratio times the cheapest stage 1; null: never'),
  cost: z.enum(['work', 'steps', 'seconds']).default(defaults.cost).describe('In what stage-1 costs are compared'),
  score: z.enum(['train', 'validation']).default(defaults.score).describe('Accuracy of which images is the score'),
  stage1: z
    .strictObject({
      batch: positive.default(defaults.stage1.batch),
      learningRate: rate.default(defaults.stage1.learningRate),
      schedule: z
        .enum(['cosine', 'constant'])
        .default(defaults.stage1.schedule)
        .describe('cosine decays over maxEpochs'),
      check: z
        .enum(['epoch', 'window'])
        .default(defaults.stage1.check)
        .describe('When accuracy and cost are looked at: as an epoch ends, or after every step'),
      window: positive
        .default(defaults.stage1.window)
        .describe('Steps over which `check: window` takes the accuracy; they may reach across epochs'),
    })
    .prefault({}),
  stage2: z
    .strictObject({
      cut: z.string().default(defaults.stage2.cut).describe('last-stage, cells.K (cell K and on are trained) or head'),
      epochs: positive.default(defaults.stage2.epochs),
      batch: positive.default(defaults.stage2.batch),
      learningRate: rate.default(defaults.stage2.learningRate),
      cacheFeatures: z
        .boolean()
        .default(defaults.stage2.cacheFeatures)
        .describe('Run the frozen part once only (no augmentation)'),
      batchNorm: z
        .enum(['running', 'batch'])
        .default(defaults.stage2.batchNorm)
        .describe('Batch norm of the frozen part'),
      scoreEpoch: z.enum(['last', 'best']).default(defaults.stage2.scoreEpoch),
    })
    .prefault({}),
})

const shortTraining = z.strictObject({
  name: z.literal('short-training'),
  epochs: positive.default(4).describe('The learning rate falls to 0 over them by the cosine'),
  batch: positive.default(128),
  score: z.enum(['train', 'validation']).default('train').describe('Accuracy of which images is the score'),
  scoreEpoch: z.enum(['best', 'last']).default('best').describe('Which epoch, where the score is train accuracy'),
})

const zeroCost = z.strictObject({
  name: z.literal('zero-cost'),
  measure: z.enum(measureNames).default('synflow').describe('A measure of the untrained network'),
  batch: positive.default(256).describe('Training images that the measure looks at'),
})

const fullTraining = z.strictObject({ name: z.literal('full-training') })

const evaluator = z.discriminatedUnion('name', [fear, shortTraining, zeroCost, fullTraining])

const lowerFidelities = z
  .array(evaluator)
  .min(1, 'must be a list of at least one evaluator')
  .describe(
    'For strategies successive-halving and asha: the evaluators that a trial must get through before `evaluator`, cheapest first',
  )

/** In a ranking every architecture is to have its score, so nothing is rejected unless asked for. */
const rankedFear = fear.extend({
  ratio: z.number().gt(1).nullable().default(null).describe('Reject at ratio times the cheapest stage 1; null: never'),
})

const inTraining = z
  .strictObject({
    measures: z
      .array(z.enum(measureNames))
      .default([...classicMeasures])
      .describe('Zero-cost measures; default: the eight of zero-cost-nas'),
    batch: positive.default(256).describe('Training images that the measures look at'),
    epochs: z
      .array(count)
      .min(1, 'must be a list of at least one number of epochs')
      .default([0, 1, 2, 4, 8])
      .describe('After how many epochs they are taken, rising; 0: of the untrained network'),
    training: z
      .enum(['paper', 'recipe'])
      .default('paper')
      .describe(
        'paper: each epoch with the full learning rate, a new optimiser and the same order; recipe: as training',
      ),
    threshold: fraction
      .nullable()
      .default(null)
      .describe('Take them also after the first epoch with this train accuracy; null: no'),
  })
  .describe('How zero-cost measures rank as training proceeds')

const rank = z
  .strictObject({
    evaluators: z
      .array(z.discriminatedUnion('name', [rankedFear, shortTraining, zeroCost]))
      .default([])
      .describe('Each scores the same architectures; full training is added by itself'),
    inTraining: inTraining.optional(),
    truth: z
      .strictObject({
        accuracy: z.enum(['test', 'validation']).default('test').describe('Of which images, after full training'),
        sharedSeeds: z
          .boolean()
          .default(false)
          .describe('Full training from the initial weights and image order that the evaluators see'),
      })
      .prefault({}),
    from: z
      .union([z.string().transform((directory) => [directory]), z.array(z.string()).min(1)])
      .optional()
      .describe('Directories of runs with the same settings whose evaluations and full trainings are taken over'),
    bootstrap: count.default(1000).describe('Resamples for the 95 % intervals'),
  })
  .describe('What `fear-nas rank` compares over budget.trials architectures')

const budget = z
  .strictObject({
    trials: positive.optional().describe('Architectures'),
    wallClock: duration.optional().describe('Time that the search takes, full training of finalists not included'),
    computeSeconds: duration.optional().describe('Time that workers are busy with it, summed'),
    epochs: rate
      .optional()
      .describe('Passes over the training images, summed over trials; those of both FEAR stages count'),
    trainingFlops: rate.optional().describe('FLOPs of training and validating, summed over trials, such as 3.5e15'),
    targetAccuracy: fraction
      .optional()
      .describe('Ends with the first trial whose score is so high; for full-training and short-training'),
    atLimit: z
      .enum(['finish', 'abort'])
      .optional()
      .describe('What becomes of running trials when a limit is reached; default: finish'),
  })
  .refine(({ atLimit: _, ...limits }) => Object.values(limits).some((limit) => limit !== undefined), {
    message: 'needs at least one of trials, wallClock, computeSeconds, epochs, trainingFlops, targetAccuracy',
  })

const constraints = z
  .strictObject({
    params: sizeRange.optional().describe('Trainable parameters, such as <500k or >10k <2.5M; a number: at most'),
    flops: sizeRange.optional().describe('FLOPs of one image forward, a multiply-add being two; such as <= 30M'),
  })
  .describe('What an architecture may be in the networks of this data set; no other is proposed or looked at')

const prefilter = z
  .strictObject({
    measure: z.enum(measureNames).default('synflow').describe('A zero-cost measure; higher is better'),
    keep: fraction.default(0.3).describe('Share of the scored architectures that the search may propose'),
    pool: positive.optional().describe('How many are drawn and scored; default: as keep of them are budget.trials'),
    batch: positive.default(256).describe('Training images that the measure looks at'),
  })
  .describe('Two tiers: score many architectures before the search, and search among the best; the arm pays for it')

const arm = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]*$/i, 'must be a name of letters, digits, dots and dashes')
    .describe('In tables and file names, such as short-4'),
  strategy: strategy.optional().describe('Default: the strategy of the file'),
  lowerFidelities: lowerFidelities.optional(),
  evaluator,
  constraints: constraints.nullable().optional().describe('Default: those of the file; null: none'),
  prefilter: prefilter.nullable().optional().describe('Default: that of the file; null: none'),
  finalists: positive.optional().describe('Default: the finalists of the file; full training has none'),
})

const resampling = z
  .strictObject({
    searches: count.default(1000).describe('How many searches are replayed from the trial tables; 0: no intervals'),
    architectures: positive.nullable().default(null).describe('Of each search; null: as many as were measured'),
    replacement: z.boolean().default(true).describe('Draw them with replacement (the bootstrap), or a random subset'),
  })
  .describe('Intervals of what `fear-nas compare` measures')

export const configSchema = z
  .strictObject({
    data,
    space: spaceSchema.prefault({}),
    training: training.prefault({}),
    strategy: strategy.prefault({}),
    lowerFidelities: lowerFidelities.optional(),
    evaluator: evaluator.prefault({ name: 'fear' }),
    constraints: constraints.nullable().default(null),
    prefilter: prefilter.nullable().default(null),
    budget,
    arms: z
      .array(arm)
      .min(2, 'must be a list of two arms or more')
      .optional()
      .describe('What `fear-nas compare` compares; default: fear, as `evaluator` says, and full'),
    resampling: resampling.prefault({}),
    rank: rank.optional(),
    finalists: positive.default(3).describe('How many of the best by FEAR score are trained in full'),
    trialTimeout: duration.default(3600).describe('A trial that is busy longer is given up'),
    clock: z
      .enum(['wall', 'cpu'])
      .default('wall')
      .describe("A trial's seconds: those that pass, or its thread's on a processor (where other work runs beside)"),
    workers: z
      .union([z.literal('auto'), positive.max(256)])
      .default('auto')
      .describe('Worker threads; auto: one for each physical core'),
    isolation: z
      .enum(['auto', 'thread', 'process'])
      .default('auto')
      .describe('What each worker has of its own; process: a crash in native code costs a trial, not the run'),
    engine: z.enum(['auto', 'tensorflow', 'native', 'wasm', 'tfjs-cpu']).default('auto'),
    seed: z.union([z.int(), z.string()]).default(1).describe('Everything random follows from it'),
  })
  .describe('One fear-nas job')

/** A configuration with every default filled in. Durations are seconds. */
export type Config = z.output<typeof configSchema>
/** What a user writes. */
export type ConfigInput = z.input<typeof configSchema>
