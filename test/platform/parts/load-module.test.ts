import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../../src/platform/errors.js'
import { loadFactory } from '../../../src/platform/parts/load-module.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const folder = temporaryFolder('load-module')

function refusal(name: string, text: string): string {
  const file = path.join(folder, name)
  writeFileSync(file, text)
  try {
    loadFactory(file, 'a strategy', '() => strategy')
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    return String((error as Error).message).replace(`${folder}/`, '')
  }
  return expect.fail('it loads')
}

describe('a module that cannot be loaded', () => {
  it('has the line and column of a syntax error', () => {
    expect(refusal('wrong.mjs', 'export const a = 1\nconst = 2\n')).toBe(
      "wrong.mjs:2:7 cannot be loaded as a strategy: Unexpected token '='",
    )
  })

  it.skipIf(Boolean((process.features as { readonly typescript?: unknown }).typescript))(
    'in TypeScript is to be compiled where Node does not read it',
    () => {
      expect(refusal('mine.ts', 'const size: number = 2\nexport default () => size\n')).toMatch(
        /^mine\.ts cannot be loaded as a strategy: Node [\d.]+ does not read TypeScript; 22\.18, 23\.6 and newer do\. Compile it/,
      )
    },
  )
})
