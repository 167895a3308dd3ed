import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { visibleJson, visibleLine, visibleLines, visibleOutput, visibleText } from '../../src/platform/visible-text.js'

/** Anything that JavaScript can have in a string, also halves of surrogate pairs. */
const anyText = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 30 })
  .map((units) => String.fromCharCode(...units))

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
const invisible = /[\0-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffe\uffff]/

describe('visible text', () => {
  it('has no character that a terminal obeys, and no half of a surrogate pair, whatever it was', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, fc.string({ unit: 'binary' })), (text) => {
        expect(visibleText(text)).not.toMatch(invisible)
        // With the flag, only halves of pairs are surrogates.
        expect(visibleText(text)).not.toMatch(/\p{Surrogate}/u)
        expect(visibleLine(text)).not.toMatch(/[\n\t]/)
      }),
      { numRuns: 1000 },
    )
  })

  it('shows what there was, and leaves all else as it is', () => {
    expect(visibleText('a\x1b[2J\x9b\x7f\u202eb\ud800\n\tä😀\u200f')).toBe(
      'a\\x1b[2J\\x9b\\x7f\\u202eb\\ud800\n\tä😀\\u200f',
    )
    expect(visibleLine('a\nb\tc\r')).toBe('a\\nb\\tc\\x0d')
    expect(visibleLines({ a: ['\x07', 5, null, { '\x1b': true }] })).toEqual({
      a: ['\\x07', 5, null, { '\\x1b': true }],
    })
  })

  it('keeps the colours of our own output, and no other command', () => {
    const own = '\x1b[1mbold\x1b[22m \x1b[31mred\x1b[39m \x1b[2mdim\x1b[22m'
    expect(visibleOutput(own)).toBe(own)
    expect(visibleOutput('\x1b[8mhidden \x1b[2J\x1b]0;title\x07\x1b[31')).toBe(
      '\\x1b[8mhidden \\x1b[2J\\x1b]0;title\\x07\\x1b[31',
    )
  })

  it('in JSON is the same value', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.jsonValue(),
          anyText.map((text) => ({ [text]: [text] })),
        ),
        (value) => {
          const text = visibleJson(value)
          expect(text).not.toMatch(invisible)
          expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
        },
      ),
    )
  })
})
