import { describe, expect, it } from 'vitest'
import { selectGpus } from '../../src/platform/hardware.js'

/** As `nvidia-smi --list-gpus` prints it where the first GPU is cut into slices. */
const list = `GPU 0: NVIDIA H100 80GB HBM3 (UUID: GPU-5d5ba0d6-d33d-2b2c-524d-9e3d8d2b8a77)
  MIG 3g.40gb     Device  0: (UUID: MIG-7089d0f3-293f-58c9-8f8c-5ea666eedbde)
GPU 1: NVIDIA A100-SXM4-40GB (UUID: GPU-09b3d1a5-4a1e-8f6c-3c3a-6b3c2d1e0f4a)
`

describe('the GPUs that CUDA_VISIBLE_DEVICES selects', () => {
  it.each([
    [undefined, ['0', '1'], ['NVIDIA H100 80GB HBM3', 'NVIDIA A100-SXM4-40GB']],
    ['1,0', ['1', '0'], ['NVIDIA A100-SXM4-40GB', 'NVIDIA H100 80GB HBM3']],
    ['GPU-09b3', ['GPU-09b3'], ['NVIDIA A100-SXM4-40GB']],
    ['MIG-7089d0f3-293f-58c9-8f8c-5ea666eedbde', ['MIG-7089d0f3-293f-58c9-8f8c-5ea666eedbde'], ['part of a GPU']],
    ['1,-1,0', ['1'], ['NVIDIA A100-SXM4-40GB']],
    ['7', [], []],
    ['', [], []],
  ])('%j', (selection, ids, names) => {
    const gpus = selectGpus(list, selection)
    expect(gpus.map(({ id }) => id)).toEqual(ids)
    expect(gpus.map(({ name }) => name)).toEqual(names)
  })

  it('are none where nvidia-smi finds none', () => {
    expect(selectGpus('', undefined)).toEqual([])
    expect(selectGpus('No devices were found\n', '0')).toEqual([])
  })
})
