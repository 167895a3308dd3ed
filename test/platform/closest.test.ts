import { expect, it } from 'vitest'
import { closest } from '../../src/platform/closest.js'
import { natsOperations as operations } from '../../src/spaces/cell/operations.js'

it.each([
  { text: 'nor_conv_3x33', meant: 'nor_conv_3x3' },
  { text: 'conv_3x3', meant: 'nor_conv_3x3' },
  { text: 'Nor_Conv_1x1', meant: 'nor_conv_1x1' },
  { text: 'conv1x1', meant: 'nor_conv_1x1' },
  { text: 'skip', meant: 'skip_connect' },
  { text: 'avg_pool', meant: 'avg_pool_3x3' },
  { text: 'nnone', meant: 'none' },
  { text: 'zero', meant: null },
  { text: '', meant: null },
])('"$text" is taken for $meant', ({ text, meant }) => {
  expect(closest(text, operations)).toBe(meant)
})

it.each([
  { text: 'treshold', meant: 'threshold' },
  { text: 'clipnorm', meant: 'clipNorm' },
  { text: 'zzz', meant: null },
])('"$text" is taken for the setting $meant', ({ text, meant }) => {
  expect(closest(text, ['threshold', 'ratio', 'clipNorm'])).toBe(meant)
})
