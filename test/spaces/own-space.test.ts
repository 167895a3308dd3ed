import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkOwnNetworks } from '../../src/config/fit/own-networks.js'
import { loadConfig, loadRunnableConfig } from '../../src/config/load-config.js'
import { spaceSetup } from '../../src/config/space-setup.js'
import { ConfigError } from '../../src/platform/errors.js'
import { PartValue } from '../../src/platform/parts/part-value.js'
import { createRng } from '../../src/platform/rng.js'
import { natsSss } from '../../src/spaces/nats-sss/index.js'
import { createSearchSpace, type SpaceOptions } from '../../src/spaces/registry.js'
import type { SearchSpace } from '../../src/spaces/search-space.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const folder = temporaryFolder('own-space')
const images = { channels: 1, height: 12, width: 12, classes: 10 }

function moduleOf(name: string, text: string): SpaceOptions {
  const module = path.join(folder, name)
  writeFileSync(module, text)
  return { name: 'module', module, settings: { length: 2 } }
}

const example = { name: 'module', module: './examples/space.mjs', settings: { length: 2 } } as const

/** What is said of a space, with the folder left out. */
function complaintOf(options: SpaceOptions): string {
  try {
    createSearchSpace(options)
    return 'no complaint'
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    return (error as Error).message.replaceAll(`${folder}/`, '')
  }
}

describe('a search space that is a module', () => {
  it('is made with its settings', () => {
    const space = createSearchSpace(example)
    expect([space.name, space.size, space.at(5)]).toEqual(['chain', 16, 'pool-pool'])
    expect(space.sample(createRng(1))).toMatch(/^\w+-\w+$/)
  })

  it.each([
    ['export const space = 1\n', 'default.mjs must have a function as its default export: (settings) => space.'],
    ['export default () => { throw new Error("no length") }\n', 'throws.mjs made no search space: no length'],
    ['export default () => null\n', 'made no search space: it must be an object with the members of SearchSpace.'],
    [
      'export default () => ({ at() {} })\n',
      'made no search space: it has no function indexOf. See docs/extending.md.',
    ],
  ])('is refused where it is %j', (text, complaint) => {
    const name = complaint.startsWith('default')
      ? 'default.mjs'
      : text.includes('throw')
        ? 'throws.mjs'
        : `${text.length}.mjs`
    expect(complaintOf(moduleOf(name, text))).toContain(complaint)
  })

  it('has channels and cells where they are given', () => {
    const input = { channels: 1, height: 12, width: 12 }
    const settings = { ...example, channels: 4 }
    expect(spaceSetup(settings, images)).toEqual({ ...example, macro: { channels: 4, input, classes: 10 } })
  })

  it('is tried with the images in use, since it may be made for them alone', () => {
    expect(checkOwnNetworks(spaceSetup(example, images))).toBeNull()
    const broken = moduleOf(
      'broken.mjs',
      `import createChains from ${JSON.stringify(path.resolve('examples/space.mjs'))}
export default (settings) => ({ ...createChains(settings), network: () => ({ nodes: [], edges: [], cuts: [] }) })
`,
    )
    expect(checkOwnNetworks(spaceSetup(broken as typeof example, images))?.sentence.replace(`${folder}/`, '')).toBe(
      'space.module broken.mjs cannot build the network of skip-skip for images of 1x12x12 and 10 classes: head must be an ' +
        'object, got undefined. See docs/extending.md.',
    )
  })
})

describe('a search space that is a value', () => {
  const value = (space: unknown): SpaceOptions => ({
    name: 'value',
    value: new PartValue('mine', space as SearchSpace),
  })

  it('is the value', () => {
    expect(createSearchSpace(value(natsSss))).toBe(natsSss)
    expect(JSON.stringify(value(natsSss))).toBe('{"name":"value","value":"mine"}')
  })

  it('is refused where it lacks something, or is not here', () => {
    const of = (changes: object): string => complaintOf(value({ ...natsSss, ...changes }))
    expect(of({ sample: 3 })).toBe(
      'The value "mine" is no search space: it has no function sample. See docs/extending.md.',
    )
    expect(of({ name: '' })).toContain('its name must be text')
    expect(of({ size: 0.5 })).toContain('its size must be a whole number from 1 to 2^53 - 1, got 0.5')
    expect(of({ decisions: [3, 0] })).toContain('its decisions must be a list')
    expect(complaintOf({ name: 'value', value: 'mine' })).toContain('was passed as a value by the program')
  })
})

describe('a configuration', () => {
  const job = (space: string): string => {
    const file = path.join(folder, 'job.yaml')
    writeFileSync(file, `data: { name: fashion-mnist }\nbudget: { trials: 3 }\nspace: ${space}\n`)
    return file
  }
  const complaint = (load: (file: string) => unknown, space: string): string => {
    const file = job(space)
    try {
      load(file)
    } catch (error) {
      return (error as Error).message.replaceAll(`${folder}/`, '')
    }
    return 'no complaint'
  }

  it('is read without running the module of its space, which a command does that is about to search', () => {
    const space = `{ name: module, module: ${folder}/absent.mjs }`
    expect(complaint(loadConfig, space)).toBe('no complaint')
    expect(complaint(loadRunnableConfig, space)).toMatch(
      /^job.yaml:3:32 {2}space.module absent.mjs cannot be loaded as a search space: Cannot find module/,
    )
    expect(complaint(loadRunnableConfig, '{ name: module, module: ./examples/space.mjs }')).toBe('no complaint')
  })

  it('is checked against the space of a module', () => {
    const evaluator =
      '{ name: module, module: ./examples/space.mjs }\nevaluator: { name: fear, stage2: { cut: cells.1 } }'
    expect(complaint(loadRunnableConfig, evaluator)).toMatch(/^job.yaml:4:\d+ {2}evaluator.stage2.cut/)
  })

  it('cannot name a value', () => {
    expect(complaint(loadConfig, '{ name: value }')).toBe(
      'job.yaml:3:1  space.value can be passed by a program only. In a file name a module instead (docs/extending.md).',
    )
    expect(complaint(loadConfig, '{ name: value, value: mine }')).toContain(
      'job.yaml:3:30  space.value can be passed by',
    )
    expect(complaint(loadConfig, '{ name: valu }')).toContain(
      'must be one of nats-tss, nats-sss, cell, module, got "valu"',
    )
  })
})
