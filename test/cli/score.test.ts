import { describe, expect, it } from 'vitest'
import { measureNames } from '../../src/evaluators/zero-cost/registry.js'
import { runCli } from './run-cli.js'

const convolved = '|nor_conv_3x3~0|+|none~0|skip_connect~1|+|none~0|none~1|skip_connect~2|'
const disconnected = '|none~0|+|none~0|none~1|+|none~0|none~1|none~2|'
const config = [
  '--config',
  'search-configs/quick.yaml',
  '--set',
  'data.train=500',
  '--set',
  'engine=wasm',
  '--batch',
  '32',
]

describe('fear-nas score', () => {
  it('prints one object an architecture, the same every time but for the seconds', async () => {
    const args = ['score', convolved, disconnected, ...config, '--json']
    const [first, second] = await Promise.all([runCli(args), runCli(args)])
    expect(first).toMatchObject({ exitCode: 0, stderr: '' })
    const rows = JSON.parse(first.stdout) as { architecture: string; scores: object; seconds: object }[]
    expect(rows.map(({ architecture }) => architecture)).toEqual([convolved, disconnected])
    for (const { scores, seconds } of rows) {
      expect(Object.keys(scores)).toEqual(measureNames)
      expect(Object.keys(seconds)).toEqual(measureNames)
    }
    expect(rows[0]?.scores).toMatchObject({ params: 7902, jacob_cov: expect.any(Number) })
    expect(rows[1]?.scores).toMatchObject({ synflow: 0, jacob_cov: null })
    const scoresOf = (text: string) => (JSON.parse(text) as typeof rows).map(({ scores }) => scores)
    expect(scoresOf(second.stdout)).toEqual(scoresOf(first.stdout))
  })

  it('prints a table of the measures asked for', async () => {
    const { exitCode, stdout } = await runCli([
      'score',
      convolved,
      disconnected,
      ...config,
      '--measures',
      'params, synflow',
    ])
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/params +│ 7902 +│ 4822/)
    expect(stdout).toMatch(/synflow +│ \d+ +│ 0/)
    expect(stdout).not.toContain('snip')
    expect(stdout).toContain(`\n1: ${convolved}\n2: ${disconnected}\n`)
  })

  it.each([
    ['an unknown measure', [convolved, ...config, '--measures', 'synflo'], 'Did you mean synflow?'],
    ['what is no architecture', ['skip', ...config], 'Not an architecture of nats-tss'],
    ['no configuration', [convolved], "required option '--config <file>'"],
    ['an absent configuration', [convolved, '--config', 'absent.yaml'], 'absent.yaml does not exist'],
    ['a batch of none', [convolved, ...config, '--batch', '0'], 'whole number of at least 1'],
  ])('refuses %s with exit code 2', async (_, args, message) => {
    const { exitCode, stdout, stderr } = await runCli(['score', ...args])
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain(message)
  })

  it('has help with examples', async () => {
    const { exitCode, stdout } = await runCli(['score', '--help'])
    expect(exitCode).toBe(0)
    expect(stdout).toContain('Examples:')
    for (const name of measureNames) expect(stdout).toContain(`  ${name}`)
  })
})
