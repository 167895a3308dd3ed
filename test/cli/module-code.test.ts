import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.js'

const main = path.resolve('dist/cli/main.js')
const top = temporaryFolder('code')
const project = path.join(top, 'project')
/** The module writes a line here whenever it is loaded. */
const mark = path.join(top, 'mark')

const moduleText = `import { appendFileSync } from 'node:fs'
appendFileSync(${JSON.stringify(mark)}, 'loaded ')
export default (options, space) => ({ name: 'mine', ask: (history) => space.at(4000 + history.proposed) })
`
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')

const config = (module: string): string => `data: { name: fashion-mnist, train: 100, validation: 30, test: 30, size: 8 }
space: { channels: 2, cells: 1 }
training: { epochs: 1, batch: 32 }
evaluator: { name: short-training, epochs: 1, batch: 32 }
strategy: { name: module, module: ${module} }
budget: { trials: 2 }
finalists: 1
workers: 1
isolation: none
engine: wasm
`

function fearNas(args: readonly string[], cwd = project) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { cwd, encoding: 'utf8' })
  return { status, stdout, stderr }
}

const ran = (): boolean => existsSync(mark)
const firstLine = (journal: string) => JSON.parse(readFileSync(journal, 'utf8').split('\n')[0] ?? '')

beforeAll(() => {
  mkdirSync(project)
  writeFileSync(path.join(project, 'package.json'), '{}')
  writeFileSync(path.join(project, 'mine.mjs'), moduleText)
  writeFileSync(path.join(project, 'job.yaml'), config('./mine.mjs'))
  const { status, stderr } = fearNas(['search', 'job.yaml', '--out', 'run', '--quiet'])
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(readFileSync(mark, 'utf8')).toBe('loaded ')
}, 60_000)

beforeEach(() => {
  rmSync(mark, { force: true })
  writeFileSync(path.join(project, 'mine.mjs'), moduleText)
})

describe('a module that a configuration names', () => {
  it('is recorded with its hash in the journal', () => {
    expect(firstLine(path.join(project, 'run/journal.jsonl')).modules).toEqual({ './mine.mjs': hashOf(moduleText) })
  })

  it.each([
    ['config show job.yaml'],
    ['config schema'],
    ['data check job.yaml'],
    ['space --config job.yaml'],
    ['status run'],
    ['tail run'],
    ['list .'],
    ['report run --out report.html'],
    ['score 8 --config job.yaml'],
  ])('is not run by "%s"', (command) => {
    const architecture = '|nor_conv_3x3~0|+|none~0|skip_connect~1|+|none~0|none~1|skip_connect~2|'
    const words = command.split(' ').map((word) => (word === '8' ? architecture : word))
    expect(fearNas(words)).toMatchObject({ status: 0, stderr: '' })
    expect(ran()).toBe(false)
  })

  it('is run by search, and what is wrong with it is found with its place before any work', () => {
    writeFileSync(path.join(project, 'mine.mjs'), 'export default () => { throw new Error("out of luck") }\n')
    expect(fearNas(['search', 'job.yaml', '--out', 'never'])).toEqual({
      status: 2,
      stdout: '',
      stderr: 'job.yaml:5:35  strategy.module ./mine.mjs made no strategy: out of luck\n',
    })
    expect(existsSync(path.join(project, 'never'))).toBe(false)
  })
})

describe('fear-nas resume', () => {
  it('goes on without a question where the module is the recorded one in the project', () => {
    expect(fearNas(['resume', 'run', '--add', 'trials=1', '--quiet'])).toMatchObject({ status: 0, stderr: '' })
    expect(ran()).toBe(true)
    const journal = readFileSync(path.join(project, 'run/journal.jsonl'), 'utf8')
    expect(journal).toContain('"event":"run.resumed"')
    expect(journal.match(/"modules":/g)).toHaveLength(2)
  })

  it('asks where the module has changed, and records the one that was allowed', () => {
    cpSync(path.join(project, 'run'), path.join(project, 'changed'), { recursive: true })
    const other = `${moduleText}// edited\n`
    writeFileSync(path.join(project, 'mine.mjs'), other)
    const refused = fearNas(['resume', 'changed', '--add', 'trials=1'])
    expect(refused).toEqual({
      status: 2,
      stdout: '',
      stderr:
        'changed names the module ./mine.mjs as its strategy, which is not the file that the run was recorded with ' +
        `(sha256 recorded: ${hashOf(moduleText).slice(0, 12)}, now: ${hashOf(other).slice(0, 12)}). ` +
        'Look at the file. If you trust it, let its code run with your rights: ' +
        'fear-nas resume changed --add trials=1 --allow-code\n',
    })
    expect(ran()).toBe(false)
    expect(fearNas(['resume', 'changed', '--add', 'trials=1', '--allow-code', '--quiet'])).toMatchObject({ status: 0 })
    expect(ran()).toBe(true)
    expect(fearNas(['resume', 'changed', '--add', 'trials=1', '--quiet'])).toMatchObject({ status: 0, stderr: '' })
  }, 30_000)

  it('runs a new module of a configuration that is named beside it, but asks where a recorded one has changed', () => {
    const arms = (module: string): string => `${config(module).replace(/^evaluator.*\n/m, '')}arms:
  - { name: a, evaluator: { name: short-training, epochs: 1, batch: 32 } }
  - { name: b, evaluator: { name: full-training } }
`
    const compared = `${arms('./mine.mjs')}resampling: { searches: 0 }\n`
    writeFileSync(path.join(project, 'arms.yaml'), compared)
    expect(fearNas(['compare', 'arms.yaml', '--out', 'compared', '--quiet'])).toMatchObject({ status: 0 })
    const third = '  - { name: c, strategy: { name: module, module: ../c.mjs }, evaluator: { name: full-training } }\n'
    writeFileSync(path.join(top, 'c.mjs'), moduleText)
    writeFileSync(path.join(project, 'more.yaml'), compared.replace('resampling', `${third}resampling`))
    const edited = `${moduleText}// edited\n`
    writeFileSync(path.join(project, 'mine.mjs'), edited)
    const asked = fearNas(['resume', 'compared', '--config', 'more.yaml'])
    expect(asked).toMatchObject({ status: 2 })
    expect(asked.stderr).toContain('compared names the module ./mine.mjs as its strategy, which is not the file')
    expect(asked.stderr).toContain('fear-nas resume compared --config more.yaml --allow-code')
    writeFileSync(path.join(project, 'mine.mjs'), moduleText)
    expect(fearNas(['resume', 'compared', '--config', 'more.yaml', '--quiet'])).toMatchObject({ status: 0, stderr: '' })
  }, 60_000)

  it('asks in the command that goes on with repetitions, too', () => {
    writeFileSync(
      path.join(project, 'arms.yaml'),
      `${config('./mine.mjs')}resampling: { searches: 0 }
arms:
  - { name: a, evaluator: { name: short-training, epochs: 1, batch: 32 } }
  - { name: b, evaluator: { name: full-training } }
`,
    )
    const command = ['compare', 'arms.yaml', '--seeds', '1', '--out', 'seeds', '--quiet']
    expect(fearNas(command)).toMatchObject({ status: 0 })
    const journal = path.join(project, 'seeds/seed-1/journal.jsonl')
    const [started] = readFileSync(journal, 'utf8').split('\n')
    writeFileSync(journal, `${started}\n`)
    writeFileSync(path.join(project, 'mine.mjs'), `${moduleText}// edited\n`)
    const asked = fearNas(command)
    expect(asked).toMatchObject({ status: 2, stdout: '' })
    expect(asked.stderr).toContain('fear-nas resume seeds/seed-1 --allow-code')
  }, 60_000)
})
