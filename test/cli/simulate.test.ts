import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { announceSkip, sharedData } from '../support/shared-data.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { type CliResult, runCli } from './run-cli.js'

const folder = temporaryFolder('simulate')
const document = readFileSync('docs/simulate.md', 'utf8')

/** The first block of the document in a language. */
function block(language: string): string {
  const text = new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(document)?.[1]
  return text ?? expect.fail(`docs/simulate.md has no block of ${language}`)
}

const table = path.join(folder, 'scores.csv')
const config = path.join(folder, 'simulation.yaml')
writeFileSync(table, block('csv'))
writeFileSync(config, block('yaml').replace('scores.csv', table))

const natsTable = sharedData('nats-tss-accuracy.csv')
if (natsTable === null) announceSkip('nats-tss-accuracy.csv', 'simulations on NATS-Bench as documented')

/** The commands of the document, on the files above. */
const commands = [...document.matchAll(/^fear-nas (simulate .*)$/gm)].map(([, command = '']) => ({
  command,
  args: command
    .split(' ')
    .map(
      (word) =>
        ({ 'scores.csv': table, 'simulation.yaml': config, 'nats-tss-accuracy.csv': natsTable ?? '' })[word] ?? word,
    ),
}))
const isOfNats = ({ command }: { command: string }): boolean => command.includes('nats-tss-accuracy.csv')

const simulate = (...args: readonly string[]): Promise<CliResult> => runCli(['simulate', ...args])
const small = [table, '--partial', '--report', 'test', '--trials', '2', '--searches', '30'] as const

describe('docs/simulate.md', () => {
  it('shows commands of both kinds', () => {
    expect(commands.filter(isOfNats)).toHaveLength(3)
    expect(commands.filter((command) => !isOfNats(command))).toHaveLength(3)
  })

  it.each(commands.filter((command) => !isOfNats(command)))('fear-nas $command works', async ({ args }) => {
    const { exitCode, stdout, stderr } = await runCli(args)
    expect({ exitCode, stderr: stderr.replace(/^[a-z-]+ selecting by \w+\n/gm, '') }).toEqual({
      exitCode: 0,
      stderr: '',
    })
    expect(stdout).toContain('short')
  })

  it.skipIf(natsTable === null).each(commands.filter(isOfNats))(
    'has the figures of fear-nas $command',
    async ({ args }) => {
      const { exitCode, stdout } = await runCli([...args, '--json'])
      expect(exitCode).toBe(0)
      const { arms, ranking, config } = JSON.parse(stdout)
      const cells = arms.map(({ accuracy }: { accuracy: Record<string, number> }) => {
        const [mean, low, high] = ['mean', 'low', 'high'].map((key) => (100 * (accuracy[key] ?? 0)).toFixed(2))
        return `${mean} [${low}, ${high}]`
      })
      const spearman = [100, 10].map((percent) =>
        ranking[0].agreement.find((one: { percent: number }) => one.percent === percent).spearman.toFixed(3),
      )
      const row = [config.report.replace('_test', ''), ...cells, ...spearman].join(' | ')
      expect(document.replaceAll(/ +\|/g, ' |')).toContain(`| ${row} |`)
    },
  )
})

describe('fear-nas simulate', () => {
  it('prints a table that says how the columns were read', async () => {
    const { exitCode, stdout, stderr } = await simulate(...small, '--select', 'short=41')
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toMatch(/random +│ short +│ \d\d\.\d\d % \[\d\d\.\d\d, \d\d\.\d\d\] .* 1 min 22 s/)
    expect(stdout).toContain('test was read as fractions of 1')
    expect(stdout).toContain('best of 5: 91.30 %  |nor_conv_3x3~0|')
    expect(stdout).toMatch(/local-search +│ short/)
    expect(stdout).toContain(`${5 * 60} searches of 2 trials in`)
  })

  it('writes its run directory: the summary that --json prints, the curves, and a configuration for the same again', async () => {
    const out = path.join(folder, 'out')
    const first = await simulate(...small, '--select', 'short=short_seconds', '--seed', '007', '--json', '--out', out)
    expect(first.exitCode).toBe(0)
    const read = (name: string): string => readFileSync(path.join(out, name), 'utf8')
    const summary = JSON.parse(first.stdout)
    expect(JSON.parse(read('summary.json'))).toEqual(summary)
    expect(summary).toMatchObject({ schema: 1, config: { seed: '007', searches: 30 }, reportUnit: 'fraction' })

    const { curves } = JSON.parse(read('curves.json'))
    expect(curves.map(({ strategy, select }: Record<string, string>) => [strategy, select])).toEqual(
      ['random', 'regularized-evolution', 'local-search', 'tpe', 'enumeration'].flatMap((strategy) => [
        [strategy, 'short'],
        [strategy, 'test'],
      ]),
    )
    expect(curves[0].byTrials.at(-1).regret).toEqual(summary.arms[0].regret)
    expect(curves[0].bySeconds.at(-1).regret).toEqual(summary.arms[0].regret)
    expect(curves[1].bySeconds).toBeNull()

    const again = JSON.parse((await simulate(path.join(out, 'config.yaml'), '--json')).stdout)
    expect({ ...again, wallSeconds: 0 }).toEqual({ ...summary, wallSeconds: 0 })
  })

  it('lets options override a configuration', async () => {
    const { stdout } = await simulate(config, '--trials', '1', '--searches', '5', '--select', 'short', '--json')
    expect(JSON.parse(stdout).config).toMatchObject({ trials: 1, searches: 5, workers: 2, select: { short: null } })
  })

  it('helps with examples', async () => {
    const { exitCode, stdout } = await simulate('--help')
    expect(exitCode).toBe(0)
    expect(stdout).toContain('Examples:\n  fear-nas simulate ')
  })

  const broken = path.join(folder, 'broken.csv')
  writeFileSync(broken, block('csv').replace(',0.64,', ',n/a,'))
  const badConfig = path.join(folder, 'bad.yaml')
  writeFileSync(badConfig, block('yaml').replace('trials: 3', 'trails: 3'))
  const used = path.join(folder, 'used')

  it.each([
    ['no report column', [table], '--report is missing'],
    ['an unknown column', [...small, '--select', 'shorts'], 'scores.csv has no column "shorts". Did you mean short?'],
    [
      'a cell that is no number',
      [broken, ...small.slice(1), '--select', 'short'],
      'broken.csv:3:79  short must be a number, got "n/a".',
    ],
    ['an incomplete table', [table, '--report', 'test'], 'lacks 15620 of the 15625 architectures of nats-tss'],
    ['a missing table', ['nowhere.csv', '--report', 'test'], 'nowhere.csv does not exist.'],
    ['too many trials', [...small, '--trials', '9'], 'has 5 different architectures'],
    ['no trials', [...small, '--trials', '0'], 'whole number of at least 1'],
    ['an unknown strategy', [...small, '--strategy', 'randm'], 'Did you mean random?'],
    ['seconds below 0', [...small, '--select', 'short=-1'], 'Seconds must be more than 0, and finite.'],
    ['a selection of nothing', [...small, '--select', '=1'], 'It must be column'],
    ['an unknown setting', [badConfig], 'bad.yaml:6:1  trails is not a setting. Did you mean trials?'],
    ['a folder with results', [...small, '--out', used], 'already holds results'],
  ])('%s: exit code 2, one line, nothing written', async (_, args, message) => {
    if (!existsSync(used)) await simulate(...small, '--out', used)
    const { exitCode, stdout, stderr } = await simulate(...args)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain(message)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })
})
