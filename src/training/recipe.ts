/** How a network is trained in full: optimiser, schedule and data order. */
export interface TrainingRecipe {
  readonly epochs: number
  readonly batch: number
  readonly learningRate: number
  readonly momentum: number
  readonly nesterov: boolean
  /** Coupled L2, on every parameter including batch norm and biases. */
  readonly weightDecay: number
  /** cosine: `0.5 lr (1 + cos(pi epoch / epochs))` at each epoch, no warm-up; constant: `lr` throughout. */
  readonly schedule: 'cosine' | 'constant'
  /** Global L2 norm; null for no clipping. */
  readonly clipNorm: number | null
  readonly augmentation: Augmentation
}

/** Random augmentation of training images, drawn for each epoch. If all is off, images can be cached. */
export interface Augmentation {
  /** Horizontal flip with probability one half. */
  readonly flip: boolean
  /** Zero padding before a random crop back to the image's size; 0 for none. */
  readonly crop: number
  /** Side of the square set to zero after normalisation; 0 for none. */
  readonly cutout: number
}

export const noAugmentation: Augmentation = { flip: false, crop: 0, cutout: 0 }

/** The recipe of a configuration that says nothing else. Optimiser and schedule follow NATS-Bench. */
export const defaultRecipe: TrainingRecipe = {
  epochs: 12,
  batch: 128,
  learningRate: 0.1,
  momentum: 0.9,
  nesterov: true,
  weightDecay: 5e-4,
  schedule: 'cosine',
  clipNorm: 5,
  augmentation: noAugmentation,
}
