import { expect, it } from 'vitest'
import { ConfigError } from '../../src/platform/errors.js'
import { defaultCell } from '../../src/spaces/cell/index.js'
import { createSearchSpace, type SpaceOptions, searchSpaceNames } from '../../src/spaces/registry.js'

it('creates every search space by its name', () => {
  expect(searchSpaceNames).toContain('nats-tss')
  for (const name of searchSpaceNames) {
    expect(createSearchSpace({ ...defaultCell, name } as SpaceOptions).name).toBe(name)
  }
})

it.each([
  { name: 'nats-ts', hint: '; did you mean nats-tss?' },
  { name: 'darts', hint: '' },
  { name: 'toString', hint: '' },
])('lists the names when asked for $name', ({ name, hint }) => {
  expect(() => createSearchSpace({ name } as unknown as SpaceOptions)).toThrow(
    new ConfigError(`There is no search space "${name}"${hint} (search spaces: nats-tss, nats-sss, cell).`),
  )
})
