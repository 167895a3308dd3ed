import type { SettingsKit } from '../../platform/settings/settings-kit.js'

/** Full training has no settings of its own; it uses the recipe. */
export interface FullTrainingOptions {
  readonly name: 'full-training'
}

/** Full training as a configuration describes it. */
export const fullTrainingSchema = ({ z }: SettingsKit) => z.strictObject({ name: z.literal('full-training') })

/** What finalists, and the truth of a ranking, are evaluated with. */
export const fullTrainingOptions: FullTrainingOptions = { name: 'full-training' }
