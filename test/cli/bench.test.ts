import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { nativeAddonPath, nativeInstructionSets } from '../../src/engines/native/native-engine.js'
import { runCli } from './run-cli.js'

const isNative = existsSync(nativeAddonPath())
if (!isNative) process.stdout.write('skipped: bench with the native engine: it is not built (it needs a compiler)\n')

/** Small enough for the slowest engine. */
const tiny = ['--channels', '2', '--cells', '1', '--batch', '3', '--size', '8', '--steps', '2', '--json']
const figures = ['engine', 'isa', 'threads', 'medianSeconds', 'minSeconds', 'imagesPerSecond', 'gflops', 'phases']
const settings = ['kind', 'architecture', 'channels', 'cells', 'batch', 'size', 'inputChannels', 'cut', 'steps']

describe('fear-nas bench', () => {
  it.each([
    ['step', [], null],
    ['step', ['--input-channels', '3'], null],
    ['tail', [], 'last-stage'],
    ['tail', ['--cut', 'head'], 'head'],
    ['evaluate', [], null],
  ])('%s %s prints its figures and its settings as JSON', async (kind, options, cut) => {
    const { exitCode, stdout, stderr } = await runCli(['bench', kind, ...tiny, '--engine', 'tfjs-cpu', ...options])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    const result = JSON.parse(stdout)
    expect(Object.keys(result).toSorted()).toEqual([...figures, ...settings].toSorted())
    expect(result).toMatchObject({ kind, cut, engine: 'tfjs-cpu', threads: 1, batch: 3, steps: 2, phases: {} })
  })

  it.runIf(isNative)(
    'tells the phases of the native engine, by any instruction set, in any number of threads',
    async () => {
      for (const isa of nativeInstructionSets()) {
        const { stdout } = await runCli([
          'bench',
          'step',
          ...tiny,
          '--isa',
          isa,
          '--engine',
          'native',
          '--threads',
          '2',
        ])
        const result = JSON.parse(stdout)
        expect(result).toMatchObject({ engine: 'native', isa, threads: 2, steps: 4 })
        expect(Object.keys(result.phases).length).toBeGreaterThan(2)
        expect(Object.values<number>(result.phases).every((seconds) => seconds >= 0)).toBe(true)
      }
    },
  )

  it('prints a table for people', async () => {
    const { stdout } = await runCli(['bench', 'step', ...tiny.slice(0, -1), '--engine', 'tfjs-cpu'])
    expect(stdout).toMatch(/^engine +tfjs-cpu \(javascript\), 1 thread$/m)
    expect(stdout).toMatch(/^speed +\d+ images\/s, /m)
  })

  it.each([
    [['--arch', '|nor_conv_3x4~0|+|none~0|none~1|+|none~0|none~1|none~2|'], 'did you mean nor_conv_3x3?'],
    [['--batch', '0'], 'It must be a whole number of at least 1.'],
    [['--batch', '1e9'], 'It must be at most 65536.'],
    [['--size', '2'], 'The next size that fits is 4x4.'],
    [
      ['--channels', '256', '--size', '512', '--batch', '65536'],
      '--size 512 and --batch 65536 are too large for the engine',
    ],
    [['--channels', '1.5'], 'It must be a whole number'],
    [['--cells', '21'], 'It must be at most 20.'],
    [['--input-channels', '2'], 'It must be 1 (grey) or 3 (colour).'],
    [['--engine', 'natve'], 'did you mean native?'],
    [['--engine', 'tfjs-cpu', '--isa', 'avx2'], '--isa is for the native engine only, not for tfjs-cpu.'],
    [['--cut', 'cells.1'], "unknown option '--cut'"],
  ])('step %s: exit code 2 and what is wrong', async (options, message) => {
    const { exitCode, stdout, stderr } = await runCli(['bench', 'step', '--json', ...options])
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('bug')
  })

  it.runIf(isNative)('refuses an instruction set that the machine does not have', async () => {
    const { exitCode, stderr } = await runCli(['bench', 'step', '--isa', 'mmx'])
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining('it has: ') })
  })

  it('names the cuts there are', async () => {
    const { exitCode, stderr } = await runCli(['bench', 'tail', ...tiny, '--cut', 'nowhere', '--engine', 'tfjs-cpu'])
    expect(exitCode).toBe(2)
    expect(stderr).toContain('cells.1, cells.2, cells.3, cells.4, last-stage, head')
  })
})
