import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { resumeCommand, shellWord } from '../../src/platform/shell.js'

describe('shellWord', () => {
  it('leaves plain words alone', () => {
    expect(shellWord('results/quick-20260131-154500')).toBe('results/quick-20260131-154500')
  })

  it('quotes spaces, quotes and nothing at all', () => {
    expect(shellWord('r/st op')).toBe("'r/st op'")
    expect(shellWord("it's")).toBe(String.raw`'it'\''s'`)
    expect(shellWord('')).toBe("''")
  })

  it('is read back by a shell as the very word, and holds no control character', () => {
    const word = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((text) => !text.includes('\0'))
    const controls = fc.string({ unit: fc.constantFrom('\n', '\x1b', "'", '\\', '$', ' ', 'a', '\u202e') })
    fc.assert(
      fc.property(fc.array(fc.oneof(word, controls), { minLength: 1, maxLength: 20 }), (words) => {
        const quoted = words.map(shellWord)
        expect(quoted.join('')).not.toMatch(/\p{Cc}/u)
        const { stdout } = spawnSync('bash', ['-c', `printf '%s\\0' ${quoted.join(' ')}`], { encoding: 'utf8' })
        expect(stdout.split('\0').slice(0, -1)).toEqual(words)
      }),
      { numRuns: 50 },
    )
  })
})

describe('resumeCommand', () => {
  it('can be pasted whatever the directory is called', () => {
    expect(resumeCommand('r/st op')).toBe("fear-nas resume 'r/st op'")
    expect(resumeCommand('-x', ['--add', 'trials=50'])).toBe('fear-nas resume ./-x --add trials=50')
  })
})
