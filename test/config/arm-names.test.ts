import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/load-config.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const folder = temporaryFolder('arm-names')
const file = path.join(folder, 'arms.yaml')

function withArms(...names: readonly string[]): void {
  const arms = names.map((name) => `  - { name: ${name}, evaluator: { name: full-training } }\n`).join('')
  writeFileSync(file, `data: { name: fashion-mnist, train: 100, size: 8 }\nbudget: { trials: 2 }\narms:\n${arms}`)
}

describe('the names of arms', () => {
  it('are no whole numbers alone, which JSON puts before all others', () => {
    withArms('"20"', 'b')
    expect(() => loadConfig(file)).toThrow(
      `${file}:4:13  arms.0.name must not be only a whole number (arms would be reordered), got 20. Try arm-20.`,
    )
  })

  it('may be what every object has', () => {
    withArms('constructor', 'toString', 'short-20', '"1e3"', '"007"')
    expect(loadConfig(file).arms?.map(({ name }) => name)).toEqual([
      'constructor',
      'toString',
      'short-20',
      '1e3',
      '007',
    ])
  })
})
