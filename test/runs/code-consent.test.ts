import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Config, configSchema } from '../../src/config/schema/config.js'
import type { JournalEvent } from '../../src/journal/journal-event.js'
import { replay } from '../../src/journal/replay.js'
import { ConfigError } from '../../src/platform/errors.js'
import { checkCode } from '../../src/runs/code-consent.js'
import { runStarted } from '../search/run-started.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const top = realpathSync(temporaryFolder('consent'))
const project = path.join(top, 'project')
const directory = path.join(project, 'run')
const mark = path.join(top, 'mark')
mkdirSync(directory, { recursive: true })

/** Leaves a mark where it is loaded. Each file differs, or Node would not load it again. */
const textOf = (file: string): string => `import { appendFileSync } from 'node:fs'
appendFileSync(${JSON.stringify(mark)}, ${JSON.stringify(file)})
export default (options, space) => ({ name: 'mine', ask: (history) => space.at(history.proposed) })
`
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')

function moduleAt(...names: readonly string[]): string {
  const file = path.join(top, ...names)
  writeFileSync(file, textOf(file))
  return file
}

const configOf = (module: string): Config =>
  configSchema.parse({ data: { name: 'fashion-mnist' }, budget: { trials: 1 }, strategy: { name: 'module', module } })

/** What is asked about a run whose journal records these hashes; null if nothing. */
function question(module: string, recorded: unknown, options = {}): string | null {
  const started = { ...runStarted, modules: recorded } as JournalEvent
  const run = replay([started])
  if (run === null) throw new Error('there is no run')
  try {
    checkCode(directory, configOf(module), run, { allowed: false, isNamed: false, project, ...options })
    return null
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    expect(error.exitCode).toBe(2)
    expect(error.message.split('\n')).toHaveLength(1)
    return error.message
  }
}

beforeEach(() => rmSync(mark, { force: true }))

describe('before a run goes on', () => {
  it('a module is asked about once, with all that it is for', () => {
    const module = moduleAt('project/both.mjs')
    const part = { name: 'module', module }
    const config = configSchema.parse({
      data: { ...part, validation: 1 },
      space: part,
      strategy: part,
      engine: part,
      evaluator: part,
      budget: { trials: 1 },
    })
    const run = replay([{ ...runStarted, modules: { [module]: hashOf('before') } } as JournalEvent])
    if (run === null) throw new Error('there is no run')
    const check = (): void => checkCode(directory, config, run, { allowed: false, isNamed: false, project })
    expect(check).toThrow(
      `${directory} names the module ${module} as its search space and its data set and its engine and its strategy and ` +
        'its evaluator, which is not the file that the run was recorded with',
    )
    expect(existsSync(mark)).toBe(false)
  })

  it('nothing is asked about the recorded module in the project, which is then loaded', () => {
    const mine = moduleAt('project/mine.mjs')
    expect(question(mine, { [mine]: hashOf(textOf(mine)) })).toBeNull()
    expect(existsSync(mark)).toBe(true)
  })

  it('a module that has changed is asked about, with both hashes and the command that allows it', () => {
    const changed = moduleAt('project/changed.mjs')
    expect(question(changed, { [changed]: hashOf('before') }, { options: { add: ['trials=2'] } })).toBe(
      `${directory} names the module ${changed} as its strategy, which is not the file that the run was recorded with ` +
        `(sha256 recorded: ${hashOf('before').slice(0, 12)}, now: ${hashOf(textOf(changed)).slice(0, 12)}). ` +
        'Check the file. If you trust it, let its code run with your rights: ' +
        `resume(${JSON.stringify(directory)}, { add: ["trials=2"], allowCode: true })`,
    )
    expect(existsSync(mark)).toBe(false)
  })

  it.each([
    ['nothing', undefined],
    ['other modules', { './other.mjs': hashOf('') }],
    ['no text', { unhashed: 7 }],
    ['a list', ['unhashed']],
    ['a number', 3],
  ])('a module is asked about of which the journal has %s', (_, recorded) => {
    const unhashed = moduleAt('project/unhashed.mjs')
    expect(question(unhashed, recorded)).toContain('has no hash in the journal (sha256 recorded: none, now: ')
    expect(existsSync(mark)).toBe(false)
  })

  it('a module outside the project is asked about, also behind a link', () => {
    const theirs = moduleAt('theirs.mjs')
    const link = path.join(project, 'link.mjs')
    symlinkSync(theirs, link)
    for (const module of [theirs, link]) {
      const asked = question(module, { [module]: hashOf(textOf(theirs)) })
      expect(asked).toContain(`which is outside the current project ${project} (sha256 recorded: `)
    }
    expect(existsSync(mark)).toBe(false)
  })

  it('a module in the run directory is asked about: the sender wrote its hash, too', () => {
    const inside = moduleAt('project/run/inside.mjs')
    expect(question(inside, { [inside]: hashOf(textOf(inside)) })).toContain('which is in the run directory itself')
    expect(existsSync(mark)).toBe(false)
  })

  it('the modules of a configuration that the user names are the choice of the user, unless they have changed', () => {
    const named = moduleAt('named.mjs')
    expect(question(named, undefined, { isNamed: true })).toBeNull()
    expect(question(named, { [named]: hashOf('before') }, { isNamed: true })).toContain('is not the file')
  })

  it('what is allowed is loaded, and what is wrong with it is told', () => {
    const theirs = moduleAt('allowed.mjs')
    expect(question(theirs, undefined, { allowed: true })).toBeNull()
    expect(existsSync(mark)).toBe(true)
    const absent = path.join(project, 'absent.mjs')
    expect(question(absent, { [absent]: hashOf('') })).toContain(
      `names the module ${absent} as its strategy, which does not exist here or cannot be read. Put it back`,
    )
    expect(question(absent, {}, { allowed: true })).toContain(
      `${directory}  strategy.module ${absent} cannot be loaded as a strategy: Cannot find module`,
    )
    expect(question('node:child_process', {}, { allowed: true })).toBe(
      `${directory}  strategy.module node:child_process is a module of Node, not a strategy.`,
    )
  })

  it('the hash of the last session that recorded one counts', () => {
    const later = { event: 'run.resumed', date: '', hardware: runStarted.hardware, engine: '' } as const
    const first: JournalEvent = { ...runStarted, modules: { a: '1', b: '1' } }
    const run = replay([first, { ...later, modules: { a: '2' } }, later])
    expect([...(run?.modules ?? [])]).toEqual([
      ['a', '2'],
      ['b', '1'],
    ])
  })
})
