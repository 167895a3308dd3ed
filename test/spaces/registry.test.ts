import { expect, it } from 'vitest'
import { ConfigError } from '../../src/platform/errors.js'
import { createSearchSpace, searchSpaceNames } from '../../src/spaces/registry.js'

it('creates every search space by its name', () => {
  expect(searchSpaceNames).toContain('nats-tss')
  for (const name of searchSpaceNames) expect(createSearchSpace(name).name).toBe(name)
})

it.each([
  { name: 'nats-ts', hint: '; did you mean nats-tss?' },
  { name: 'darts', hint: '' },
  { name: 'toString', hint: '' },
])('lists the names when asked for $name', ({ name, hint }) => {
  expect(() => createSearchSpace(name)).toThrow(
    new ConfigError(`There is no search space "${name}"${hint} (search spaces: nats-tss).`),
  )
})
