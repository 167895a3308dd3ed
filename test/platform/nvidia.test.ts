import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { nvidiaCards, readCards } from '../../src/platform/nvidia.js'
import { temporaryFolder } from '../support/temporary-folder.js'

afterEach(() => vi.unstubAllEnvs())

/** A program nvidia-smi that prints what the script says. */
function withNvidiaSmi(script: string): void {
  const folder = temporaryFolder('nvidia')
  writeFileSync(path.join(folder, 'nvidia-smi'), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`)
}

describe('the cards that nvidia-smi knows', () => {
  it('are read with driver, CUDA, compute capability and memory', () => {
    withNvidiaSmi(
      'if [ $# -gt 0 ]; then echo "NVIDIA H200, 550.54.14, 9.0, 143771"; echo "NVIDIA A100-SXM4-40GB, 550.54.14, 8.0, 40960"\n' +
        'else echo "| NVIDIA-SMI 550.54.14   Driver Version: 550.54.14   CUDA Version: 12.4 |"; fi',
    )
    const common = { driver: '550.54.14', cuda: '12.4' }
    expect(nvidiaCards()).toEqual({
      cards: [
        { name: 'NVIDIA H200', ...common, computeCapability: 9, memoryMiB: 143_771 },
        { name: 'NVIDIA A100-SXM4-40GB', ...common, computeCapability: 8, memoryMiB: 40_960 },
      ],
      problem: null,
    })
  })

  it('may be little known', () => {
    expect(readCards('Tesla K80, 470.1, [N/A], [N/A]\n\n', '')).toEqual([
      { name: 'Tesla K80', driver: '470.1', cuda: null, computeCapability: null, memoryMiB: null },
    ])
  })

  it('are none, with the reason, where it fails', () => {
    withNvidiaSmi('echo "NVIDIA-SMI has failed because it could not communicate with the NVIDIA driver."; exit 9')
    expect(nvidiaCards()).toEqual({
      cards: [],
      problem: 'nvidia-smi fails: NVIDIA-SMI has failed because it could not communicate with the NVIDIA driver.',
    })
  })

  it('are none where it is not installed', () => {
    vi.stubEnv('PATH', temporaryFolder('empty-path'))
    expect(nvidiaCards()).toEqual({ cards: [], problem: null })
  })
})
