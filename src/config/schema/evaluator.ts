import { z } from 'zod'
import { defaultCalibration as calibration } from '../../evaluators/calibration/calibration.js'
import { defaultFearOptions as defaults } from '../../evaluators/fear/default-options.js'
import { measureNames } from '../../evaluators/zero-cost/registry.js'
import { batchSize, count, fraction, positive, rate } from '../../platform/settings/values.js'

export const fear = z.strictObject({
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
      batch: batchSize.default(defaults.stage1.batch),
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
      batch: batchSize.default(defaults.stage2.batch),
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

export const shortTraining = z.strictObject({
  name: z.literal('short-training'),
  epochs: positive.default(4).describe('The learning rate falls to 0 over them by the cosine'),
  batch: batchSize.default(128),
  score: z.enum(['train', 'validation']).default('train').describe('Accuracy of which images is the score'),
  scoreEpoch: z.enum(['best', 'last']).default('best').describe('Which epoch, where the score is train accuracy'),
})

export const zeroCost = z.strictObject({
  name: z.literal('zero-cost'),
  measure: z.enum(measureNames).default('synflow').describe('A measure of the untrained network'),
  batch: batchSize.default(256).describe('Training images that the measure looks at'),
})

const fullTraining = z.strictObject({ name: z.literal('full-training') })

/** The setting `evaluator`. */
export const evaluatorSchema = z.discriminatedUnion('name', [fear, shortTraining, zeroCost, fullTraining])

/** The setting `lowerFidelities`. */
export const lowerFidelitiesSchema = z
  .array(evaluatorSchema)
  .min(1, 'must be a list of at least one evaluator')
  .describe(
    'For strategies successive-halving and asha: the evaluators that a trial must get through before `evaluator`, cheapest first',
  )
