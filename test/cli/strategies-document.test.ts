import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { loadConfig } from '../../src/config/load-config.js'
import { strategyNames } from '../../src/strategies/registry.js'
import { announceSkip, sharedData } from '../support/shared-data.js'
import { runCli } from './run-cli.js'

const document = readFileSync('docs/strategies.md', 'utf8')
const table = sharedData('nats-tss-accuracy.csv')
if (table === null) announceSkip('nats-tss-accuracy.csv', 'the figures of docs/strategies.md')

it('docs/strategies.md lists every strategy, and shows a setting that is one', () => {
  for (const name of [...strategyNames, 'module']) expect(document).toMatch(new RegExp(`^\\| \`${name}\``, 'm'))
  const [, setting = ''] = /```yaml\nstrategy: (.*)\n```/.exec(document) ?? []
  const { strategy } = loadConfig('search-configs/quick.yaml', [`strategy=${setting}`])
  expect(strategy).toEqual({ name: 'regularized-evolution', duplicates: 'isomorphism', population: 10, sample: 3 })
})

it.skipIf(table === null)(
  'docs/strategies.md has the figures of the command it shows',
  async () => {
    const [, command = ''] = /^fear-nas (simulate nats-tss-accuracy.csv .*)$/m.exec(document) ?? []
    const args = command.split(' ').map((word) => (word === 'nats-tss-accuracy.csv' ? (table ?? '') : word))
    // The figures of random search are those of docs/simulate.md, which has a test of its own.
    const learning = ['regularized-evolution', 'local-search', 'tpe']
    const { exitCode, stdout } = await runCli([
      ...args,
      ...learning.flatMap((name) => ['--strategy', name]),
      '--json',
      '--quiet',
    ])
    expect(exitCode).toBe(0)
    const { arms } = JSON.parse(stdout) as { arms: { strategy: string; accuracy: Record<string, number> }[] }
    for (const name of learning) {
      const cells = arms
        .filter(({ strategy }) => strategy === name)
        .map(({ accuracy }) => {
          const [mean, low, high] = ['mean', 'low', 'high'].map((key) => (100 * (accuracy[key] ?? 0)).toFixed(2))
          return `${mean} [${low}, ${high}]`
        })
      expect(document.replaceAll(/ +\|/g, ' |')).toContain(`| ${[name, ...cells].join(' | ')} |`)
    }
  },
  300_000,
)
