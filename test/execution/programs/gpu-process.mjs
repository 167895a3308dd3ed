/** A worker process whose engine computes on a GPU, and whose every test measures the number of that GPU. */
const gpu = process.env.CUDA_VISIBLE_DEVICES

process.on('message', ({ kind }) => {
  if (kind === 'test') process.send({ kind: 'answer', answer: Number(gpu) })
  const engine = { name: 'tensorflow', version: '1', device: `gpu: ${gpu}`, gpu: true, maxThreads: Infinity }
  if (kind === 'setup') process.send({ kind: 'ready', engine })
})
process.on('disconnect', () => process.exit())
