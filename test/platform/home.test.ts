import { homedir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/platform/errors.js'
import { expandHome } from '../../src/platform/home.js'

describe('a path that a user writes', () => {
  it('has ~ for the home directory, at its beginning only', () => {
    expect(expandHome('~')).toBe(homedir())
    expect(expandHome('~/a/~b')).toBe(path.join(homedir(), 'a/~b'))
    expect(expandHome('~/', '/home/me')).toBe('/home/me/')
    for (const written of ['a/~', './~', 'a~', '/~', '']) expect(expandHome(written)).toBe(written)
  })

  it('may not begin with the home directory of another', () => {
    expect(() => expandHome('~root/x')).toThrow(ConfigError)
    expect(() => expandHome('~root/x')).toThrow(
      '~root/x begins with the home directory of another user, which is not looked up. Write the path in full, or ' +
        './~root/x for a name that begins with ~.',
    )
  })
})
