import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { acquireLock, checkLock, lockHolder } from '../../src/journal/lock.js'
import { systemClock } from '../../src/platform/clock.js'
import { bootedAt, initialPidNamespace, processIdentity, processPlace } from '../../src/platform/processes.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const folder = temporaryFolder('lock')
const file = path.join(folder, 'lock')
const { pid: deadPid } = spawnSync(process.execPath, ['--version'])
const isLinux = process.platform === 'linux'

/** The lock of a process that is gone, as this version writes it here. */
const dead = { pid: deadPid, host: hostname(), date: '2026-01-01T00:00:00.000Z', identity: null, ...processPlace() }
const beforeBoot = new Date(bootedAt(systemClock) - 3_600_000).toISOString()

function write(owner: object): void {
  writeFileSync(file, JSON.stringify(owner))
}

beforeEach(() => {
  for (const name of readdirSync(folder)) rmSync(path.join(folder, name), { recursive: true })
})

/** A process that asks for the lock when it is told to, says whether it has it, and keeps it until its input ends. */
function asker() {
  const program = `
    import { acquireLock } from ${JSON.stringify(path.resolve('dist/journal/lock.js'))}
    import { systemClock } from ${JSON.stringify(path.resolve('dist/platform/clock.js'))}
    console.log('ready')
    process.stdin.once('data', () => {
      try { acquireLock(${JSON.stringify(file)}, systemClock); console.log('has it') } catch (error) { console.log(error.message) }
    })`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const next = async (): Promise<string> => String((await lines.next()).value)
  return { next, ask: () => child.stdin.write('now\n'), end: () => child.stdin.end(), gone: once(child, 'exit') }
}

describe('of several processes that ask at once', () => {
  it.each([
    { what: 'there is no lock', owner: null },
    { what: 'it is that of a dead process', owner: dead },
  ])('one gets it where $what', async ({ owner }) => {
    const askers = Array.from({ length: 5 }, asker)
    for (const { next } of askers) expect(await next()).toBe('ready')
    if (owner !== null) write(owner)
    for (const { ask } of askers) ask()
    const answers = await Promise.all(askers.map(({ next }) => next()))
    expect(answers.filter((answer) => answer === 'has it')).toHaveLength(1)
    for (const answer of answers.filter((one) => one !== 'has it')) expect(answer).toContain('The run is in use by')
    for (const { end } of askers) end()
    await Promise.all(askers.map(({ gone }) => gone))
    expect(readdirSync(folder)).toEqual(['lock'])
  })
})

describe('a lock whose process is gone', () => {
  it('is taken over, and so is the guard of a process that was killed while it took over', () => {
    for (const guard of [null, dead]) {
      write(dead)
      if (guard !== null) writeFileSync(`${file}.takeover`, JSON.stringify(guard))
      acquireLock(file, systemClock).release()
      expect(readdirSync(folder)).toEqual([])
    }
  })

  it('is left alone while another process takes it over', () => {
    write(dead)
    writeFileSync(`${file}.takeover`, JSON.stringify({ ...dead, pid: process.ppid }))
    expect(() => acquireLock(file, systemClock)).toThrow(`in use by process ${process.ppid}`)
    expect(readdirSync(folder)).toEqual(['lock', 'lock.takeover'])
  })

  it.skipIf(processPlace().pidNamespace !== initialPidNamespace || processPlace().machine === null)(
    'on an earlier start of this machine is taken over',
    () => {
      write({ ...dead, date: beforeBoot, boot: 'an earlier one' })
      acquireLock(file, systemClock).release()
      expect(existsSync(file)).toBe(false)
    },
  )
})

describe.skipIf(!isLinux)('a lock whose process cannot be asked from here', () => {
  const elsewhere = { ...dead, boot: 'another', date: beforeBoot }
  it.each([
    {
      what: 'of another container of this machine',
      owner: { ...dead, pidNamespace: 'pid:[1]' },
      where: 'in another container',
    },
    { what: 'of another machine', owner: { ...elsewhere, host: 'elsewhere' }, where: 'on another machine' },
    {
      what: 'of a container before the machine was started again',
      owner: { ...elsewhere, pidNamespace: 'pid:[1]' },
      where: 'in a container, on an earlier boot',
    },
    {
      what: 'of another machine with this name and the same image',
      owner: { ...elsewhere, machine: 'another' },
      where: 'or on another machine with this name',
    },
    {
      what: 'taken after this machine was started, by a machine with its name and id',
      owner: { ...elsewhere, date: systemClock.date() },
      where: 'or on another machine with this name',
    },
    {
      what: 'of an older version',
      owner: { pid: deadPid, host: hostname(), date: '' },
      where: 'its lock does not record the container or the boot of the machine',
    },
  ])('$what is refused, with the way out', ({ owner, where }) => {
    write(owner)
    const contents = readFileSync(file, 'utf8')
    expect(() => acquireLock(file, systemClock)).toThrow(`The run is in use by process ${deadPid} on ${owner.host} (`)
    expect(() => acquireLock(file, systemClock)).toThrow(where)
    expect(() => checkLock(file)).toThrow(`if it is certainly gone, delete its lock: rm ${file}`)
    expect(lockHolder(file)).toMatchObject({ pid: deadPid, alive: null })
    expect(readFileSync(file, 'utf8')).toBe(contents)
    expect(readdirSync(folder)).toEqual(['lock'])
  })

  it('of an older version is known to live by its identity', () => {
    write({ pid: process.ppid, host: hostname(), identity: processIdentity(process.ppid) })
    expect(lockHolder(file)).toMatchObject({ alive: true })
  })
})

describe('the lock of this process', () => {
  it('is written again where somebody deleted it', () => {
    const lock = acquireLock(file, systemClock)
    const contents = readFileSync(file, 'utf8')
    rmSync(file)
    lock.check()
    expect(readFileSync(file, 'utf8')).toBe(contents)
    lock.release()
  })

  it('is lost where another process has taken it meanwhile, and that one keeps it', () => {
    const lock = acquireLock(file, systemClock)
    write({ ...dead, token: 'of another' })
    expect(() => lock.check()).toThrow(`${folder} is now in use by process ${deadPid}`)
    lock.release()
    expect(existsSync(file)).toBe(true)
  })

  it('may go while its folder does: its release never throws', () => {
    const inner = path.join(folder, 'run')
    mkdirSync(inner)
    const lock = acquireLock(path.join(inner, 'lock'), systemClock)
    rmSync(inner, { recursive: true })
    lock.check()
    lock.release()
  })
})

describe('what lies where the lock belongs', () => {
  it('is never written through: a link is refused, and what it leads to stays', () => {
    const target = path.join(folder, 'target')
    writeFileSync(target, 'mine')
    for (const to of [target, path.join(folder, 'nothing'), file]) {
      symlinkSync(to, file)
      expect(() => acquireLock(file, systemClock)).toThrow('ELOOP')
      rmSync(file)
    }
    expect(readFileSync(target, 'utf8')).toBe('mine')
    expect(readdirSync(folder)).toEqual(['target'])
  })

  it('may be any JSON: it is a lock, or nobody holds it', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.jsonValue(), fc.record({ pid: fc.jsonValue(), host: fc.jsonValue(), boot: fc.jsonValue() })),
        (value) => {
          write(value as object)
          const holder = lockHolder(file)
          if (holder === null) return
          expect(holder).toMatchObject({ pid: expect.any(Number), host: expect.any(String) })
          expect(holder.pid).toBeGreaterThan(0)
        },
      ),
    )
  })
})
