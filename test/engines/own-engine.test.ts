import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadRunnableConfig } from '../../src/config/load-config.js'
import { chooseEngine } from '../../src/engines/choose-engine.js'
import type { Engine } from '../../src/engines/engine.js'
import { type EngineOptions, loadEngine } from '../../src/engines/registry.js'
import { ConfigError } from '../../src/platform/errors.js'
import { PartValue } from '../../src/platform/parts/part-value.js'
import { exampleEngine } from '../conformance/example-engine.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const folder = temporaryFolder('own-engine')
const log = path.join(folder, 'calls.jsonl')
const example: EngineOptions = { name: 'module', module: './examples/engine.mjs', settings: { engine: 'wasm', log } }

function moduleOf(name: string, text: string): EngineOptions {
  const module = path.join(folder, name)
  writeFileSync(module, text)
  return { name: 'module', module, settings: {} }
}

const asValue = (engine: unknown): EngineOptions => ({ name: 'value', value: new PartValue('mine', engine as Engine) })

async function complaintOf(options: EngineOptions): Promise<string> {
  const error: unknown = await loadEngine(options).then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(ConfigError)
  return (error as ConfigError).message.replaceAll(`${folder}/`, '')
}

describe('an engine that is a module', () => {
  it('is made with its settings, and tried on a small network', async () => {
    const { engine, options, warning } = await chooseEngine(example)
    expect([engine.name, engine.info.device, options, warning]).toEqual(['counting-wasm', 'simd128', example, null])
    expect(readFileSync(log, 'utf8')).toBe('{"trainStep":1,"dispose":1}\n')
  })

  it.each([
    ['a.mjs', 'export const engine = 1\n', 'a.mjs must have a function as its default export: (settings) => engine.'],
    ['b.mjs', 'export default () => { throw new Error("no driver\\nat") }\n', 'b.mjs made no engine: no driver'],
    ['c.mjs', 'export default async () => { throw new Error("no device") }\n', 'c.mjs made no engine: no device'],
    [
      'd.mjs',
      'export default () => 7\n',
      'd.mjs made no engine: it must be an object with name, info and create. See docs',
    ],
  ])('is refused with what is wrong with it: %s', async (name, text, complaint) => {
    expect(await complaintOf(moduleOf(name, text))).toContain(complaint)
  })

  it('is loaded before any work, so that it is refused with its place in the file', () => {
    const file = path.join(folder, 'job.yaml')
    const { module } = moduleOf('nothing.mjs', 'export default null\n') as { module: string }
    writeFileSync(
      file,
      `data: { name: fashion-mnist }\nbudget: { trials: 3 }\nengine:\n  name: module\n  module: ${module}\n`,
    )
    expect(() => loadRunnableConfig(file)).toThrow(`${file}:5:11  engine.module ${module} must have a function as its`)
  })
})

describe('an engine that is a value', () => {
  it('is used with its arguments checked', async () => {
    const engine = await loadEngine(asValue(exampleEngine))
    expect(engine.name).toBe('example')
    expect(() => engine.create(exampleEngine as never, {} as never)).toThrow("the network's nodes must be an array")
  })

  it('is refused where it lacks something, or cannot train', async () => {
    const of = (changes: object): Promise<string> => complaintOf(asValue({ ...exampleEngine, ...changes }))
    const { info } = exampleEngine
    expect(await of({ create: null })).toBe(
      'The value "mine" is no engine: it has no function create. See docs/extending.md.',
    )
    expect(await of({ name: 3 })).toContain('its name must be text')
    expect(await of({ name: 'native' })).toContain('its name is that of a built-in engine, native')
    expect(await of({ info: { ...info, version: 1 } })).toContain('its info.version must be text')
    expect(await of({ info: { ...info, gpu: 'no' } })).toContain('its info.gpu must be true or false')
    expect(await of({ info: { ...info, maxThreads: 0 } })).toContain(
      'its info.maxThreads must be a number of at least 1',
    )
    expect(await of({ info: { ...info, isolation: 'vm' } })).toContain(
      'its info.isolation must be "thread" or "process"',
    )
    expect(await of({ create: () => ({ trainStep() {} }) })).toContain('its networks have no function freezeUpTo')
    const broken: Engine['create'] = (spec, weights) => ({
      ...exampleEngine.create(spec, weights),
      trainStep: () => ({ loss: Number.NaN, correct: 0 }),
    })
    expect(await of({ create: broken })).toContain(
      'a training step must give a loss and a count of correct images, got NaN',
    )
    expect(await complaintOf({ name: 'value', value: 'mine' })).toContain('was passed as a value by the program')
  })
})
