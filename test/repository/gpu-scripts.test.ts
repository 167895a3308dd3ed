import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.js'

interface Ended {
  readonly code: number
  readonly stderr: string
}

/** Runs a script with a program nvidia-smi that does this. */
async function run(script: string, args: readonly string[], nvidiaSmi: string): Promise<Ended> {
  const folder = temporaryFolder('gpu-scripts')
  writeFileSync(path.join(folder, 'nvidia-smi'), `#!/bin/sh\n${nvidiaSmi}\n`, { mode: 0o755 })
  writeFileSync(path.join(folder, 'npm'), '#!/bin/sh\necho "npm $*" >&2; exit 1\n', { mode: 0o755 })
  const env = {
    ...process.env,
    PATH: `${folder}:${process.env.PATH}`,
    FEAR_NAS_CACHE: path.join(folder, 'cache'),
    FEAR_NAS_SETUP_MARK: path.join(folder, 'mark'),
  }
  return promisify(execFile)('bash', [`scripts/${script}`, ...args], { env }).then(
    ({ stderr }) => ({ code: 0, stderr }),
    (error: { readonly code: number; readonly stderr: string }) => error,
  )
}

describe('the scripts for GPUs', () => {
  it('gpu-check says in one line that there is no GPU', async () => {
    const { code, stderr } = await run('gpu-check.sh', [], 'exit 9')
    expect([code, stderr]).toEqual([2, 'gpu-check: nvidia-smi lists no GPU here. --cpu tries the script without one\n'])
  })

  it('both refuse options that they do not have', async () => {
    expect(await run('gpu-check.sh', ['--fast'], '')).toMatchObject({ code: 2 })
    const { stderr } = await run('tfjs-node-from-wheel.sh', ['--cuda'], '')
    expect(stderr).toBe('tfjs-node-from-wheel: usage: scripts/tfjs-node-from-wheel.sh [--gpu] [DIR]\n')
  })

  it('make setup tells of CUDA 12 for a new card, and downloads nothing', async () => {
    const { code, stderr } = await run(
      'setup-tensorflow.sh',
      ['--if-gpu'],
      'case "$*" in *compute_cap*) echo 9.0 ;; esac',
    )
    expect([code, stderr]).toEqual([
      0,
      'the GPU needs CUDA 12, which make setup-tensorflow adds (3.6 GB); every other engine works without it\n',
    ])
  })

  it('make setup-tensorflow takes the wheel for a new card, and says what fails', async () => {
    const { code, stderr } = await run('setup-tensorflow.sh', [], 'case "$*" in *compute_cap*) echo 12.0 ;; esac')
    expect(code).toBe(1)
    expect(stderr).toMatch(/npm install .*@tensorflow\/tfjs-node-gpu@4\.22\.0 node-api-headers/)
    expect(stderr).toContain('could not install @tensorflow/tfjs-node-gpu')
    expect(stderr).toMatch(/could not be made from the wheel either .*every other engine works without it/)
  })
})
