import { expect, it } from 'vitest'
import { sha256 } from '../../src/platform/sha256.js'

it('is the SHA-256 of the standard, of bytes and text, whole and in parts', () => {
  const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
  expect(sha256('abc')).toBe(abc)
  expect(sha256(Buffer.from('abc'))).toBe(abc)
  expect(sha256('a', Uint8Array.of(0x62), 'c')).toBe(abc)
  expect(sha256()).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
})
