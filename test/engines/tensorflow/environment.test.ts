import { expect, it } from 'vitest'
import { prepareEnvironment } from '../../../src/engines/tfjs/tensorflow-environment.js'

/** What the C library of TensorFlow finds in the environment. */
function prepared(hasGpu: boolean, environment: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  prepareEnvironment(environment, hasGpu)
  return environment
}

it('takes of a GPU only the memory that is needed, and gives the same results twice', () => {
  expect(prepared(true)).toMatchObject({ TF_FORCE_GPU_ALLOW_GROWTH: 'true', TF_CUDNN_DETERMINISTIC: '1' })
})

it('counts GPUs as nvidia-smi does, by whose numbers workers are given theirs', () => {
  expect(prepared(true)).toMatchObject({ CUDA_DEVICE_ORDER: 'PCI_BUS_ID' })
})

it('computes in one thread a worker where there is no GPU', () => {
  const environment = prepared(false)
  expect(environment).toMatchObject({ TF_NUM_INTRAOP_THREADS: '1', TF_NUM_INTEROP_THREADS: '1' })
  expect(environment).not.toHaveProperty('TF_FORCE_GPU_ALLOW_GROWTH')
})

it('leaves what the user has set', () => {
  const own = { TF_FORCE_GPU_ALLOW_GROWTH: 'false', TF_NUM_INTRAOP_THREADS: '4' }
  expect(prepared(true, { ...own })).toMatchObject(own)
  expect(prepared(false, { ...own })).toMatchObject(own)
})
