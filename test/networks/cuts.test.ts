import { expect, it } from 'vitest'
import { resolveCut } from '../../src/networks/cuts.js'
import { ConfigError } from '../../src/platform/errors.js'
import { twoConvolutions } from './two-convolutions.js'

it('resolveCut finds a cut by name', () => {
  expect(resolveCut(twoConvolutions, 'cells.1')).toEqual({ name: 'cells.1', node: 1 })
})

it('resolveCut lists the names there are', () => {
  expect(() => resolveCut(twoConvolutions, 'cells.9')).toThrow(
    new ConfigError('This network has no cut "cells.9" (cuts, from the input to the head: cells.1, head).'),
  )
})
