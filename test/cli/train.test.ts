import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { createRng } from '../../src/platform/rng.js'
import { runCli } from './run-cli.js'
import { TinySearches } from './tiny-searches.js'

const tiny = new TinySearches()
const architecture = '|nor_conv_3x3~0|+|none~0|skip_connect~1|+|none~0|none~1|skip_connect~2|'
const epochs = 60
const command = (directory: string): readonly string[] => [
  ...['train', '--arch', architecture, '--config', tiny.configFile],
  ...['--epochs', String(epochs), '--out', directory],
]

function networkIn(directory: string): string {
  return readFileSync(path.join(directory, 'network.bin')).toString('base64')
}

describe('fear-nas train', () => {
  it('killed with -9 at random epochs and resumed: the same network', async () => {
    const whole = tiny.out('whole')
    expect(await runCli(command(whole))).toMatchObject({ exitCode: 0 })
    const directory = tiny.out('killed')
    const rng = createRng('kills of train')
    let kills = 0
    for (const from of [0, 20, 40]) {
      const args = kills === 0 ? command(directory) : ['resume', directory]
      const when = `epoch ${from + 2 + rng.integer(10)}/`
      const { exitCode } = await runCli(args, { signal: 'SIGKILL', when })
      if (exitCode === null) kills++
    }
    expect(kills).toBeGreaterThan(0)
    const { exitCode, stdout } = existsSync(path.join(directory, 'summary.json'))
      ? { exitCode: 0, stdout: 'done before' }
      : await runCli(['resume', directory])
    expect(exitCode).toBe(0)
    expect(stdout).toContain('done before')
    expect(networkIn(directory)).toBe(networkIn(whole))
  })

  it('is shown by status and list, and its report is drawn again', async () => {
    const whole = tiny.out('whole')
    const [status, list, report] = await Promise.all([
      runCli(['status', whole, '--json']),
      runCli(['list', tiny.folder, '--json']),
      runCli(['report', whole, '--out', tiny.out('again.html'), '--charts', tiny.out('charts')]),
    ])
    expect(JSON.parse(status.stdout)).toMatchObject({ command: 'train', state: 'finished', epoch: epochs, epochs })
    const { testAccuracy } = JSON.parse(status.stdout)
    expect(JSON.parse(list.stdout).runs).toContainEqual(
      expect.objectContaining({ directory: whole, command: 'train', state: 'finished', testAccuracy }),
    )
    expect(report).toMatchObject({ exitCode: 0, stderr: '' })
    expect(readFileSync(tiny.out('again.html'), 'utf8')).toBe(readFileSync(path.join(whole, 'report.html'), 'utf8'))
    expect(existsSync(path.join(tiny.out('charts'), 'learning-curve.svg'))).toBe(true)
  })

  it('trains the best architecture of a run, stops at Ctrl-C and says how to go on', async () => {
    const run = tiny.out('run')
    expect(await tiny.run(run)).toMatchObject({ exitCode: 0 })
    const out = tiny.out('of-run')
    const args = ['train', run, '--epochs', '1000', '--patience', '900', '--out', out]
    const stopped = await runCli(args, { signal: 'SIGINT', when: 'epoch 3/1000' })
    expect(stopped).toMatchObject({ exitCode: 0 })
    expect(stopped.stderr).toContain(`Continue it: fear-nas resume ${out}`)
    const summary = JSON.parse(readFileSync(path.join(run, 'summary.json'), 'utf8'))
    expect(stopped.stdout).toContain(summary.arms.fear.best.architecture)
    const other = await runCli(['train', run, '--epochs', '2', '--json', '--out', tiny.out('json')])
    expect(JSON.parse(other.stdout)).toMatchObject({ schema: 1, epoch: 2 })
  })

  it.each([
    [['train'], 'Name either a run directory'],
    [['train', 'results/absent'], 'is no run directory: it has no config.yaml'],
    [[...command('x').slice(0, 5), '--all-data', '--patience', '3'], 'Leave one out'],
    [['train', '--arch', '|wrong|', '--config', tiny.configFile], '|wrong|'],
  ])('%s is wrong input', async (args, message) => {
    const { exitCode, stderr } = await runCli(args as string[])
    expect({ exitCode, lines: stderr.trim().split('\n').length }).toEqual({ exitCode: 2, lines: 1 })
    expect(stderr).toContain(message)
  })
})
