/* Trainings to kill: what they are, and what must hold of their checkpoints and networks. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { readProgress } from '../../dist/training/checkpoint.js'

const epochs = 30
const architecture = '|nor_conv_3x3~0|+|none~0|skip_connect~1|+|none~0|none~1|skip_connect~2|'
const config = `data: { name: fashion-mnist, train: 400, validation: 100, test: 2000, size: 8 }
space: { channels: 4, cells: 1 }
training: { epochs: ${epochs}, batch: 32, augmentation: { flip: true, crop: 1 } }
evaluator: { name: full-training }
budget: { trials: 1 }
seed: 3
`

export const trainings = {
  config,
  command: (configFile, directory, rng) => [
    ...['train', '--config', configFile, '--arch', architecture, '--patience', String(epochs)],
    ...['--set', `isolation=${rng === null || rng.next() < 0.5 ? 'thread' : 'process'}`, '--out', directory],
  ],
  isProgress: (line) => / epoch \d+\//.test(line),

  /** How far it has come. */
  stateOf(directory) {
    const has = (name) => existsSync(path.join(directory, name))
    const epochsDone = readProgress(path.join(directory, 'checkpoint-1.bin'))?.history.length ?? 0
    return { begun: has('training.json'), ended: has('summary.json'), epochsDone }
  },
  hasBegun: ({ begun }) => begun,
  hasEnded: ({ ended }) => ended,
  /** The same command again does not replace a network that is complete. */
  resumesByCommand: ({ ended }) => !ended,

  /** After a random time, after a random epoch, or while the trained network is measured and written. */
  nextKill(rng, { seconds }, { epochsDone }) {
    const which = rng.next()
    if (which < 0.3) return { lines: 0, seconds: rng.next() * seconds }
    const left = Math.max(1, epochs - epochsDone)
    // One line says what is trained, and one where.
    if (which < 0.6) return { lines: 2 + Math.ceil(left * rng.next() ** 2), seconds: rng.next() * 0.1 }
    return { lines: 2 + left, seconds: rng.next() * 0.5 }
  },

  faults: (before, after) =>
    after.epochsDone >= before.epochsDone || after.ended ? [] : ['epochs of the checkpoint are lost'],

  phaseOf(before, { begun, ended, epochsDone }, directory) {
    const names = begun ? readdirSync(directory) : []
    if (ended) return before.ended ? 'resume of an ended training' : 'clean-up'
    if (names.some((name) => /^checkpoint.*\.tmp$/.test(name))) return 'writing of a checkpoint'
    if (names.includes('network.bin')) return 'report'
    if (epochsDone >= epochs) return before.epochsDone >= epochs ? 'resume after all epochs' : 'classification'
    if (epochsDone === before.epochsDone) return before.begun ? 'start-up of a resume' : 'start-up'
    return 'epochs'
  },

  /** What is left at the end of a training, to be the same however often it was killed. */
  remains(directory) {
    const { curve, hardware, latency, ...metrics } = JSON.parse(
      readFileSync(path.join(directory, 'metrics.json'), 'utf8'),
    )
    return {
      names: readdirSync(directory).sort(),
      network: readFileSync(path.join(directory, 'network.bin')).toString('base64'),
      metrics,
      curve: curve.map(({ seconds: _, ...epoch }) => epoch),
    }
  },
}
