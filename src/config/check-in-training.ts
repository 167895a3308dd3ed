import { type Complaint, type ConfigPath, dotted } from './issues.js'
import type { Config } from './schema/config.js'

/** Problems of the settings of measures in training, as a whole. */
export function checkInTraining({ rank, training }: Config): readonly Complaint[] {
  const settings = rank?.inTraining
  if (settings === undefined) return []
  const { epochs, measures } = settings
  const last = epochs.at(-1) ?? 0
  const complaints: Complaint[] = []
  const complain = (within: ConfigPath, message: string): void => {
    const path = ['rank', 'inTraining', ...within]
    complaints.push({ path, sentence: `${dotted(path)} ${message}` })
  }
  epochs.forEach((epoch, i) => {
    const before = epochs[i - 1] ?? -1
    if (epoch <= before) complain(['epochs', i], `must be more than ${before}, which stands before it, got ${epoch}.`)
  })
  if (settings.training === 'recipe' && last > training.epochs) {
    const message = `must be at most training.epochs (${training.epochs}) with rank.inTraining.training: recipe, got ${last}.`
    complain(['epochs', epochs.length - 1], message)
  }
  measures.forEach((measure, i) => {
    const first = measures.indexOf(measure)
    if (first !== i) complain(['measures', i], `is ${measure} like rank.inTraining.measures.${first}. Leave one out.`)
  })
  return complaints
}
