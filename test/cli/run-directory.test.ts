import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CliResult, runCli, trialTable } from './run-cli.js'
import { ordinaryUser, runSurrounded } from './run-surrounded.js'
import { expectOneLine, journalOf, TinySearches } from './tiny-searches.js'

const searches = new TinySearches()
let uninterrupted: readonly unknown[]
/** A run that was killed in the middle of its trials. */
let killed: string

beforeAll(async () => {
  uninterrupted = await searches.uninterrupted()
  killed = await searches.killed('killed')
}, 120_000)

function copyOfKilled(name: string): string {
  cpSync(killed, searches.out(name), { recursive: true })
  return searches.out(name)
}

const namespace = ['-p', '-f', '--mount-proc', '--kill-child']
const hasNamespaces = process.platform === 'linux' && spawnSync('unshare', [...namespace, 'true']).status === 0
if (!hasNamespaces) process.stdout.write('skipped: runs in PID namespaces: this user may not make one\n')

describe.skipIf(!hasNamespaces)('a run in a PID namespace, as in a container', () => {
  it('is refused outside while it goes on, with the way out: whether it does cannot be seen', async () => {
    const directory = searches.out('contained')
    const set = ['--set', 'budget.trials=5000']
    const args = ['search', searches.configFile, ...set, '--workers', '1', '--out', directory]
    let asked: Promise<readonly CliResult[]> | undefined
    await runSurrounded(args, {
      script: `exec unshare ${namespace.join(' ')} "$@"`,
      when: 'fear 1/',
      act: (kill) => {
        asked = Promise.all([runCli(['status', directory, '--json']), runCli(['resume', directory])]).finally(kill)
      },
    })
    const [status, refused] = (await asked) ?? []
    expect(JSON.parse(status?.stdout ?? '')).toMatchObject({ state: 'running', owner: { alive: null }, doubled: [] })
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' })
    expect(refused?.stderr).toContain('in another container or PID namespace')
    expect(readFileSync(journalOf(directory), 'utf8')).not.toContain('run.resumed')
  })

  it('that was killed is gone on with once its lock is deleted', async () => {
    const directory = searches.out('container-killed')
    const args = ['search', searches.configFile, '--workers', '1', '--out', directory]
    const script = `exec unshare ${namespace.join(' ')} "$@"`
    await runSurrounded(args, { script, when: 'fear 3/6', act: (kill) => kill() })
    const lock = path.join(directory, 'lock')
    const before = readFileSync(journalOf(directory), 'utf8')
    expect(JSON.parse((await runCli(['status', directory, '--json'])).stdout)).toMatchObject({
      state: 'running',
      owner: { alive: null },
    })
    const refused = await runCli(['resume', directory])
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' })
    expectOneLine(refused, 'in another container or PID namespace')
    expectOneLine(refused, `if it is certainly gone, delete its lock: rm ${lock}`)
    expect(readFileSync(journalOf(directory), 'utf8')).toBe(before)
    rmSync(lock)
    expect(await runCli(['resume', directory])).toMatchObject({ exitCode: 0 })
    expect(trialTable(directory)).toEqual(uninterrupted)
  })
})

describe('a run whose lock is taken by another process, since somebody deleted it', () => {
  it('ends before it writes, and names the other', async () => {
    const directory = searches.out('taken')
    const other = { pid: 7, host: 'elsewhere', token: 'of another' }
    const args = ['search', searches.configFile, '--workers', '1', '--out', directory]
    const ended = await runCli(args, {
      when: 'fear 2/6',
      act: () => writeFileSync(path.join(directory, 'lock'), JSON.stringify(other)),
    })
    expect(ended).toMatchObject({ exitCode: 1 })
    expectOneLine(ended, `${directory} is now in use by process 7 on elsewhere`)
    expect(JSON.parse(readFileSync(path.join(directory, 'lock'), 'utf8'))).toEqual(other)
  })
})

describe('a run directory that can no longer be written', () => {
  const user = ordinaryUser
  it('ends the run with the reason and the command; that is refused until it can be written, and then goes on', async () => {
    const directory = searches.out('unwritable')
    const cache = searches.out('cache')
    for (const folder of [directory, cache]) {
      mkdirSync(folder)
      if (user !== undefined) chownSync(folder, user, user)
    }
    chmodSync(searches.folder, 0o755)
    const env = { FEAR_NAS_CACHE: cache }
    const ended = await runSurrounded(['search', searches.configFile, '--workers', '1', '--out', directory], {
      user,
      env,
      when: 'fear 3/6',
      act: () => chmodSync(directory, 0o555),
    })
    expect(ended).toMatchObject({ exitCode: 1 })
    expectOneLine(ended, 'cannot be written: this user may not write there. Recorded results are kept.')
    expectOneLine(ended, `Change its permissions, then: fear-nas resume ${directory}`)
    const refused = await runSurrounded(['resume', directory], { user, env })
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' })
    expectOneLine(refused, `The run in ${directory} cannot continue: this user may not write there.`)
    chmodSync(directory, 0o755)
    expect(await runSurrounded(['resume', directory], { user, env })).toMatchObject({ exitCode: 0 })
    expect(trialTable(directory)).toEqual(uninterrupted)
    expect(existsSync(path.join(directory, 'lock'))).toBe(false)
  })
})

describe('what others put into a run directory', () => {
  it.each([
    ['journal.jsonl', 'link'],
    ['journal.jsonl', 'hard link'],
    ['lock', 'link'],
    ['lock', 'folder'],
    ['summary.json', 'link'],
    ['config.yaml', 'pipe'],
    ['best-fear.bin', 'link'],
    ['report.html', 'folder'],
  ] as const)('%s, a %s: resume names it, and what it leads to stays as it is', async (name, kind) => {
    const directory = copyOfKilled(`spoilt-${name}-${kind.replace(' ', '-')}`)
    const file = path.join(directory, name)
    const target = searches.out(`target-${name}-${kind.replace(' ', '-')}`)
    if (existsSync(file) && name !== 'lock') renameSync(file, target)
    else {
      rmSync(file, { force: true })
      writeFileSync(target, 'mine')
    }
    const before = readFileSync(target, 'utf8')
    if (kind === 'link') symlinkSync(target, file)
    if (kind === 'hard link') linkSync(target, file)
    if (kind === 'folder') mkdirSync(file)
    if (kind === 'pipe') execFileSync('mkfifo', [file])
    const refused = await runCli(['resume', directory])
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' })
    expectOneLine(
      refused,
      `${file} ${kind === 'link' ? 'is a symbolic link' : kind === 'pipe' ? 'is a named pipe' : kind === 'folder' ? 'is a folder' : 'has 2 names (hard links), and continuing would change all of them'}`,
    )
    expect(readFileSync(target, 'utf8')).toBe(before)
  })

  it('under names that earlier versions wrote to is left alone; a directory behind a link is as good as another', async () => {
    const directory = copyOfKilled('linked')
    const { pid } = spawnSync(process.execPath, ['--version'])
    const target = searches.out('outside')
    writeFileSync(target, 'mine')
    const names = [`lock.${pid}`, `lock.stale.${pid}`, `summary.json.${pid}.0b34c3ad-3c5c-4a9e-8c5d-0123456789ab.tmp`]
    for (const name of names) symlinkSync(target, path.join(directory, name))
    symlinkSync(directory, searches.out('link'))
    expect(await runCli(['resume', searches.out('link')])).toMatchObject({ exitCode: 0 })
    expect(trialTable(directory)).toEqual(uninterrupted)
    expect(readFileSync(target, 'utf8')).toBe('mine')
  })
})

/** A FAT file system, as on a stick; null where none can be made. */
function stick(): string | null {
  const [image, place] = [searches.out('stick.img'), searches.out('stick')]
  mkdirSync(place)
  const works = (command: string, ...args: string[]): boolean => spawnSync(command, args).status === 0
  if (!works('truncate', '-s', '16M', image) || !works('mkfs.vfat', image)) return null
  return works('mount', '-o', 'loop', image, place) ? place : null
}

const fat = process.platform === 'linux' ? stick() : null
if (fat === null)
  process.stdout.write('skipped: a run on a FAT stick: it takes mkfs.vfat, a kernel with FAT, and the right to mount\n')

it('no file is made by a hard link, which such file systems do not have', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
  const linking = files.filter((name) => /\blink(?:Sync)?\(/.test(readFileSync(path.join('src', name), 'utf8')))
  expect(linking).toEqual([])
})

describe.skipIf(fat === null)('a stick, whose file system has no hard links', () => {
  afterAll(() => execFileSync('umount', ['--lazy', fat ?? '']))

  it('holds runs as any disk does: one is killed, resumed, and ends', async () => {
    expect(() => linkSync(path.join(fat ?? '', 'a'), path.join(fat ?? '', 'b'))).toThrow()
    const directory = path.join(fat ?? '', 'run')
    const args = ['search', searches.configFile, '--workers', '1', '--out', directory]
    await runCli(args, { signal: 'SIGKILL', when: 'fear 3/6' })
    expect(existsSync(path.join(directory, 'lock'))).toBe(true)
    expect(await runCli(['resume', directory])).toMatchObject({ exitCode: 0, stderr: '' })
    expect(trialTable(directory)).toEqual(uninterrupted)
    expect(readdirSync(directory).sort()).toEqual(
      ['best-fear.bin', 'config.yaml', 'journal.jsonl', 'report.html', 'summary.json'].sort(),
    )
  })
})

describe('starts in the same second that name no directory', () => {
  it('get one each', async () => {
    const cwd = searches.out('cwd')
    mkdirSync(cwd)
    const search = (...more: string[]) =>
      runSurrounded(
        [
          'search',
          searches.configFile,
          '--workers',
          '1',
          '--set',
          'evaluator.threshold=0.1',
          '--set',
          'budget.trials=2',
          '--quiet',
          ...more,
        ],
        {
          cwd,
        },
      )
    const results = await Promise.all([search(), search(), search()])
    for (const result of results) expect(result).toMatchObject({ exitCode: 0, stderr: '' })
    const made = readdirSync(path.join(cwd, 'results'))
    expect(made).toHaveLength(3)
    for (const name of made) {
      expect(name).toMatch(/^tiny-\d{8}-\d{6}(-[23])?$/)
      expect(statSync(path.join(cwd, 'results', name, 'summary.json')).isFile()).toBe(true)
    }
    for (const name of made) expect(results.map(({ stdout }) => stdout).join('')).toContain(`files in results/${name}:`)
  })

  it('make none where the input is at fault', async () => {
    const cwd = searches.out('cwd-faulty')
    mkdirSync(cwd)
    const faulty = await runSurrounded(['search', searches.configFile, '--set', 'data.train=60001'], { cwd })
    expect(faulty.exitCode).toBe(2)
    expect(readdirSync(cwd)).toEqual([])
  })
})
