import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { createSearchSpace, type SpaceOptions } from '../../src/spaces/registry.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { runCli } from './run-cli.js'

const folder = temporaryFolder('spaces')
let files = 0

function configFile(space: string): string {
  const file = path.join(folder, `job${files++}.yaml`)
  writeFileSync(
    file,
    `data: { name: fashion-mnist, train: 200, validation: 100, test: 100, size: 8 }
space: ${space}
training: { epochs: 2, batch: 32 }
evaluator: { name: fear, threshold: 0.3, maxEpochs: 3, stage2: { epochs: 1, batch: 64 } }
budget: { trials: 6 }
finalists: 1
`,
  )
  return file
}

describe('fear-nas space', () => {
  it('describes the space of a configuration, but does not count a vast one', async () => {
    const small = configFile('{ name: cell, nodes: 3, operations: [none, nor_conv_3x3] }')
    const { stdout } = await runCli(['space', '--config', small, '--json'])
    expect(JSON.parse(stdout)).toEqual({
      architectures: 8,
      connected: 5,
      canonical: { natsBench: 4, isomorphism: 4 },
    })
    const vast = await runCli(['space', '--config', small, '--set', 'space.nodes=8'])
    expect(vast.stdout).toBe('cell: 268435456 architectures, too many to count how many of them truly differ\n')
  })

  it('counts the parameters of an architecture in the channels and cells of the configuration', async () => {
    const file = configFile('{ name: cell, nodes: 3, operations: [none, sep_conv_3x3], channels: 1, cells: 1 }')
    const arch = '|none~0|+|sep_conv_3x3~0|none~1|'
    const { stdout } = await runCli(['space', '--config', file, '--arch', arch, '--json'])
    const without = await runCli(['space', '--config', file, '--arch', '|none~0|+|none~0|none~1|', '--json'])
    // 2 (9 c + c^2 + 2 c) for c of 1, 2 and 4.
    expect(JSON.parse(stdout).params - JSON.parse(without.stdout).params).toBe(2 * (12 + 26 + 60))
    expect(JSON.parse(stdout).neighbours).toHaveLength(3)
  })

  it.each([
    [[], 'Name a search space (nats-tss, nats-sss, cell), or a configuration with --config.'],
    [['nats-sss', '--config', 'job.yaml'], 'Name a search space (nats-tss, nats-sss, cell), or a configuration'],
    [['nats-ss'], 'There is no search space "nats-ss"; did you mean nats-sss?'],
    [['nats-sss', '--arch', '8:8'], 'Not an architecture of nats-sss: "8:8": expected 5 numbers, got 2.'],
  ])('%s is answered with what to do, and exit code 2', async (args, message) => {
    const result = await runCli(['space', ...args])
    expect(result).toMatchObject({ exitCode: 2, stdout: '' })
    expect(result.stderr).toContain(message)
  })
})

describe('a search by real workers', () => {
  it.each([
    { name: 'nats-sss' },
    { name: 'cell', nodes: 6, operations: ['none', 'skip_connect', 'sep_conv_5x5', 'dil_conv_3x3'] },
  ] as readonly SpaceOptions[])(
    'in $name finds an architecture of it',
    async (options) => {
      const stages = options.name === 'cell' ? { channels: 2, cells: 1 } : {}
      const file = configFile(JSON.stringify({ ...options, ...stages }))
      const out = path.join(folder, `run-${options.name}`)
      const { stdout, stderr, exitCode } = await runCli(['search', file, '--json', '--workers', '2', '--out', out])
      expect(stderr).not.toContain('Error')
      expect(exitCode).toBe(0)
      const { arms } = JSON.parse(stdout)
      expect(arms.fear).toMatchObject({ trials: 6, outcomes: { failed: 0 } })
      const found: string = arms.fear.best.architecture
      expect(createSearchSpace(options).parse(found)).toBe(found)
    },
    60_000,
  )
})
