import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { loadRunnableConfig } from '../../src/config/load-config.js'
import { describeStrategy } from '../../src/conformance/index.js'
import { createRng } from '../../src/platform/rng.js'
import { natsTss } from '../../src/spaces/nats-tss/index.js'
import { createStrategy, defaultStrategyOptions, type StrategyOptions } from '../../src/strategies/registry.js'
import { runCli } from '../cli/run-cli.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { historyOf } from './histories.js'

/** A project of a user's, which has the built package among its modules. */
const project = temporaryFolder('project')
if (!existsSync('dist/index.js')) throw new Error('dist is absent: run "make build" first')
mkdirSync(path.join(project, 'node_modules'))
symlinkSync(path.resolve('.'), path.join(project, 'node_modules', 'fear-nas'), 'dir')

const greedy = fileOf('greedy.mjs', readFileSync('examples/strategy.mjs', 'utf8'))
const { default: createGreedy } = await import(pathToFileURL(greedy).href)

describeStrategy('of the documentation', createGreedy)

function fileOf(name: string, text: string): string {
  const file = path.join(project, name)
  writeFileSync(file, text)
  return file
}

describe('the strategy of docs/extending.md', () => {
  it('is made by its path, with its settings', () => {
    const options = defaultStrategyOptions(greedy, 'string')
    expect(options).toEqual({ name: 'module', module: greedy, settings: {}, duplicates: 'string' })
    const strategy = createStrategy(options, natsTss, createRng(1))
    expect(strategy.name).toBe('greedy')
    // With `explore: 0` every proposal is a neighbour of the best.
    const climber = createStrategy({ ...options, settings: { explore: 0 } } as StrategyOptions, natsTss, createRng(1))
    const history = historyOf([
      [natsTss.at(5), 0.5],
      [natsTss.at(9_000), 0.7],
      [natsTss.at(3_000), null],
    ])
    for (let i = 0; i < 20; i++) {
      expect(natsTss.neighbours(natsTss.at(9_000))).toContain(climber.ask(history, createRng(i)))
    }
  })

  it('runs in fear-nas simulate', async () => {
    const rows = Array.from({ length: 30 }, (_, i) => `${natsTss.at(521 * i)},${i / 30}`)
    const table = fileOf('table.csv', `arch,test\n${rows.join('\n')}\n`)
    const options = ['--partial', '--report', 'test', '--trials', '10', '--searches', '5', '--json', '--quiet']
    const { exitCode, stdout, stderr } = await runCli(['simulate', table, ...options, '--strategy', greedy])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(JSON.parse(stdout).arms).toMatchObject([{ strategy: greedy, select: 'test' }])
  })
})

describe('a module that is no strategy', () => {
  it('is refused with its place in the file of a simulation', async () => {
    fileOf('sorry.mjs', 'export default () => { throw new Error("sorry") }\n')
    const file = fileOf('simulation.yaml', `table: none.csv\nreport: test\nstrategies: [tpe, ${project}/sorry.mjs]\n`)
    const { exitCode, stderr } = await runCli(['simulate', file])
    expect(stderr).toBe(`${file}:3:19  strategies.1 ${project}/sorry.mjs made no strategy: sorry\n`)
    expect(exitCode).toBe(2)
  })

  const job = (module: string): string =>
    `data: { name: fashion-mnist }\nbudget: { trials: 3 }\nstrategy:\n  name: module\n  module: ${module}\n`
  const complaint = (module: string): string => {
    const file = fileOf('job.yaml', job(module))
    try {
      loadRunnableConfig(file)
    } catch (error) {
      return (error as Error).message.replace(file, 'job.yaml').replaceAll(project, 'PROJECT')
    }
    return 'no complaint'
  }

  it('is refused with its place in the configuration, before any work', () => {
    expect(complaint(greedy)).toBe('no complaint')
    expect(complaint(path.join(project, 'absent.mjs'))).toMatch(
      /^job.yaml:5:11 {2}strategy.module PROJECT\/absent.mjs cannot be loaded as a strategy: Cannot find module/,
    )
    expect(complaint(fileOf('empty.mjs', 'export const create = 1\n'))).toContain(
      'empty.mjs must have a function as its default export',
    )
    expect(complaint(fileOf('throws.mjs', 'export default () => { throw new Error("no explore") }\n'))).toContain(
      'throws.mjs made no strategy: no explore',
    )
    expect(complaint(fileOf('nothing.mjs', 'export default () => ({ name: "nothing" })\n'))).toContain(
      'must have a name and a function ask',
    )
    expect(complaint(fileOf('waits.mjs', 'await 1\nexport default () => null\n'))).toContain(
      'waits.mjs cannot be loaded as a strategy',
    )
  })
})
