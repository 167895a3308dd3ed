/*
 * Makes text from files safe to show: names, paths and messages may contain terminal control sequences, which can hide
 * or forge output.
 */

/**
 * Invisible characters that change the text around them: controls, marks and overrides of the direction of writing,
 * separators of lines, halves of surrogate pairs, and what XML does not allow. Not line feed and tab.
 */
const unseen =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/** The colours, bold and dim that this program uses, and their ends. None of them hides text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal is told colours by them
const colour = /(\x1b\[(?:1|2|22|3[1-6]|39)m)/

/** The text with invisible characters escaped, as `\x1b` and `\u202e`. Line feeds and tabs stay. */
export function visibleText(text: string): string {
  return text.replaceAll(unseen, escaped)
}

/** The same for a single line: line feeds and tabs are also escaped, as `\n` and `\t`. */
export function visibleLine(text: string): string {
  return visibleText(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t')
}

/** As `visibleText`, but keeps the colours of this program's own output. */
export function visibleOutput(text: string): string {
  return text
    .split(colour)
    .map((part, i) => (i % 2 === 1 ? part : visibleText(part)))
    .join('')
}

/** Plain data with `visibleLine` applied to every string, including field names. */
export function visibleLines<T>(value: T): T {
  return mapTexts(value) as T
}

function mapTexts(value: unknown): unknown {
  if (typeof value === 'string') return visibleLine(value)
  if (Array.isArray(value)) return value.map(mapTexts)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [visibleLine(name), mapTexts(inner)]))
}

/** JSON that is safe for a terminal: the same value, with invisible characters escaped. */
export function visibleJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replaceAll(unseen, (character) => unicodeEscape(character))
}

function escaped(character: string): string {
  const code = character.charCodeAt(0)
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : unicodeEscape(character)
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
