import tf from '@tensorflow/tfjs-core'
import { expect, it, vi } from 'vitest'
import { loadTfjsCpuEngine } from '../../../src/engines/tfjs/tfjs-cpu-engine.js'

// A file of its own, because the advice comes at the first use of the backend only.
it('loading tfjs keeps the advice to install another package to itself, but no warning', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  await loadTfjsCpuEngine()
  tf.scalar(1).dispose()
  expect(warn).not.toHaveBeenCalled()
  tf.backend_util.warn('a real warning')
  expect(warn).toHaveBeenCalledWith('a real warning')
  warn.mockRestore()
})
