import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { pngFile } from '../support/made-folders.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { runCli } from './run-cli.js'
import { expectOneLine, TinySearches } from './tiny-searches.js'

/** Where `results/mine` is the run of the documents, and `photos` has images. */
const folder = temporaryFolder('predict-cli')

beforeAll(async () => {
  expect(await new TinySearches().run(path.join(folder, 'results', 'mine'))).toMatchObject({ exitCode: 0 })
  for (const name of ['cat.jpg', 'dog.jpg', 'test/Coat/1.png', 'test/Bag/2.png']) {
    const file = path.join(folder, 'photos', name)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(
      file,
      pngFile(28, 28, 1, (i) => i % 251),
    )
  }
}, 120_000)

const predictIn = (...args: readonly string[]) => runCli(['predict', ...args], [], {}, { cwd: folder })

async function documented(): Promise<readonly string[]> {
  const { stdout } = await runCli(['predict', '--help'])
  const texts = [readFileSync('docs/predict.md', 'utf8'), readFileSync('README.md', 'utf8'), stdout]
  return texts.flatMap((text) => [...text.matchAll(/^ *fear-nas predict (.*)$/gm)].map(([, words = '']) => words))
}

describe('fear-nas predict', () => {
  it('does what the documents and its help say, as printed', async () => {
    const commands = [...new Set(await documented())]
    expect(commands.length).toBeGreaterThan(3)
    for (const command of commands) {
      const words = (command.split(' > ')[0] ?? '').split(' ')
      const { exitCode, stderr } = await predictIn(...words)
      expect({ exitCode, command, stderr }).toMatchObject({ exitCode: 0 })
    }
  })

  it('prints lines, then the accuracy of images in folders of classes', async () => {
    const { stdout } = await predictIn('results/mine', 'photos/test')
    expect(stdout).toMatch(/^photos\/test\/Bag\/2\.png: \S+.* \d+\.\d %/)
    expect(stdout).toMatch(/\n\d of 2 right: \d+\.\d\d %\n/)
  })

  it('has no more columns than the network has classes', async () => {
    const { stdout } = await predictIn('results/mine', 'photos/cat.jpg', '--csv', '--top', '1000000000')
    expect(stdout.split('\n')[0]).toMatch(/^image,class,probability,class2,.*class10,probability10,true_class,error$/)
  })

  it('prints JSON', async () => {
    const { stdout } = await predictIn('results/mine', 'photos/cat.jpg', '--json')
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 1,
      network: 'results/mine/best-fear.bin',
      images: [{ image: 'photos/cat.jpg', trueClass: null, error: null }],
      labelled: null,
    })
  })

  it('says which image it could not read, and goes on', async () => {
    writeFileSync(path.join(folder, 'photos', 'bad.png'), 'no image')
    const { exitCode, stderr, stdout } = await predictIn('results/mine', 'photos/bad.png', 'photos/cat.jpg')
    expect(exitCode).toBe(1)
    expect(stderr).toContain('photos/bad.png: it is not a known image format\n1 image of 2 could not be read\n')
    expect(stdout).toMatch(/^photos\/cat\.jpg: /)
  })

  it('refuses a path that is not there', async () => {
    const missing = await predictIn('results/mine', 'photo')
    expect(missing.exitCode).toBe(2)
    expectOneLine(missing, 'photo: it does not exist. Check the path.')
  })
})
