/** A full training that measures the validation images after every epoch and can be interrupted. */
export interface ResumableTrainingOptions {
  readonly name: 'resumable-training'
  /** The file of its checkpoint, written after every epoch; null for none. */
  readonly checkpoint: string | null
  /** Names the training; a checkpoint of another one is refused. */
  readonly key: string
  /**
   * The training ends when this many epochs in a row were not better than the best by validation accuracy, whose weights are
   * then the result; null: all epochs, and the weights of the last.
   */
  readonly patience: number | null
}

/** The options of a training that `fear-nas train` runs. */
export function resumableTraining(options: Omit<ResumableTrainingOptions, 'name'>): ResumableTrainingOptions {
  return { name: 'resumable-training', ...options }
}
