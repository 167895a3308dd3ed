import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.js'
import { runCli } from './run-cli.js'
import { expectOneLine, TinySearches } from './tiny-searches.js'

/** Where `results/mine` is the run of the documents. */
const folder = temporaryFolder('export-cli')
const run = path.join(folder, 'results', 'mine')

const searches = new TinySearches()

beforeAll(async () => {
  expect(await searches.run(run)).toMatchObject({ exitCode: 0 })
}, 120_000)

const exportIn = (...args: readonly string[]) => runCli(['export', ...args], [], {}, { cwd: folder })

/** The commands of the pages and of the help, as printed. */
async function documented(): Promise<readonly string[]> {
  const { stdout } = await runCli(['export', '--help'])
  const texts = [readFileSync('docs/export.md', 'utf8'), readFileSync('README.md', 'utf8'), stdout]
  return texts.flatMap((text) => [...text.matchAll(/^ *fear-nas export (.*)$/gm)].map(([, words = '']) => words))
}

describe('fear-nas export', () => {
  it('does what the documents and its help say, as printed', async () => {
    const commands = [...new Set(await documented())]
    expect(commands.length).toBeGreaterThan(2)
    for (const command of commands) {
      // The same folder may be named twice: by the page, and by the help.
      const words = command.split(' ')
      const { exitCode, stderr } = await exportIn(...words, ...(words.includes('--replace') ? [] : ['--replace']))
      expect({ exitCode, command, stderr }).toMatchObject({ exitCode: 0 })
    }
    expect(readdirSync(path.join(folder, 'shoes')).toSorted()).toEqual(['README.md', 'model.onnx'])
    expect(existsSync(path.join(run, 'best-fear-onnx', 'model.onnx'))).toBe(true)
  })

  it('says what it wrote and how that was checked', async () => {
    const { exitCode, stdout } = await exportIn('results/mine', '--format', 'onnx', '--out', 'said', '--images', '50')
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^results\/mine\/best-fear\.bin: \|\S+\|\n/)
    expect(stdout).toMatch(/on the first 50 test images .*: 50 of 50 predictions equal those of the \w+ engine\.\n/)
    expect(stdout).toMatch(/\nsaid: model\.onnx, README\.md\n$/)
  })

  it('prints JSON', async () => {
    const { stdout } = await exportIn('results/mine', '--format', 'onnx', '--out', 'as-json', '--json')
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 1,
      format: 'onnx',
      network: 'results/mine/best-fear.bin',
      directory: 'as-json',
      files: ['model.onnx', 'README.md'],
      check: { images: 160, equalPredictions: 160 },
    })
  })

  it('refuses a folder with files, and a format that it does not know', async () => {
    const taken = await exportIn('results/mine', '--format', 'onnx', '--out', 'results')
    expect(taken.exitCode).toBe(2)
    expectOneLine(taken, 'results already holds files. Name another folder')
    const unknown = await exportIn('results/mine', '--format', 'onx')
    expect(unknown.exitCode).toBe(2)
    expectOneLine(unknown, 'There is no export format "onx"; did you mean onnx?')
  })
})
