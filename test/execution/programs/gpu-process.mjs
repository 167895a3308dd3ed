import { programDigest } from '../../../dist/platform/program-digest.js'

/** A worker process whose engine computes on a GPU, and whose every test measures the number of that GPU. */
const gpu = process.env.CUDA_VISIBLE_DEVICES

process.on('message', ({ kind }) => {
  if (kind === 'test') process.send({ kind: 'answer', answer: Number(gpu) })
  const engine = { name: 'tensorflow', version: '1', device: 'gpu: A100', gpu: true, maxThreads: Infinity }
  if (kind === 'setup') process.send({ kind: 'ready', code: { engine, program: programDigest() } })
})
process.on('disconnect', () => process.exit())
