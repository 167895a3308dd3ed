import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

const guide = readFileSync('docs/extending.md', 'utf8')

describe.each(['strategy', 'evaluator', 'space', 'dataset', 'engine'])(
  'the example of docs/extending.md of your own %s',
  (name) => {
    const module = readFileSync(`examples/${name}.mjs`, 'utf8')
    const [heading = '', ...settings] = readFileSync(`examples/${name}.yaml`, 'utf8').split('\n')

    it('is the file that is tested, of fewer than 40 lines', () => {
      expect(guide).toContain(`\`\`\`js\n${module}\`\`\``)
      expect(module.trim().split('\n').length).toBeLessThan(40)
    })

    it('has the configuration that is tested', () => {
      expect(heading).toContain(`fear-nas search examples/${name}.yaml`)
      expect(guide).toContain(`\`\`\`yaml\n${settings.join('\n')}\`\`\``)
    })
  },
)

it.each(['examples', 'examples/browser'])(
  'all of %s pass the type check',
  (folder) => {
    const tsc = path.resolve('node_modules/typescript/bin/tsc')
    const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' })
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' })
  },
  60_000,
)
