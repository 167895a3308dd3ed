import { type Document, Lexer, LineCounter, Parser, parseDocument } from 'yaml'
import { checkNodes } from './yaml-nodes.js'

/** A parsed YAML text: positions of its nodes, and its plain values. */
export interface YamlText {
  readonly document: Document
  readonly lines: LineCounter
  /** Values without shared references, so that changing one changes no other. */
  readonly values: unknown
}

/** The problem of a YAML text, as the text after the file name. */
export interface YamlProblem {
  readonly line: number
  readonly column: number
  readonly sentence: string
}

/** Maximum nesting; much more would exhaust the stack. */
const mostDeep = 100
/** Maximum number; for more, the parser takes seconds if each is an error. */
const mostTokens = 200_000

/** Reads a YAML document from any text; problems are returned, never thrown. */
export function readYaml(text: string): YamlText | YamlProblem {
  const lines = new LineCounter()
  const problemAt = (offset: number, sentence: string): YamlProblem => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col), sentence }
  }
  const tooMuch = excess(text, lines)
  if (tooMuch !== null) return problemAt(tooMuch.offset, tooMuch.sentence)
  const document = parseDocument(text, {
    prettyErrors: false,
    // `checkNodes` finds equal keys; the parser would compare each key with every other one.
    uniqueKeys: false,
    // `<<: *anchor`, so that evaluators that differ in one setting need not repeat the others.
    merge: true,
    schema: 'core',
    // Otherwise tags such as `!!binary` make values that are not plain data.
    resolveKnownTags: false,
  })
  // The parser only warns about an unknown tag and ignores it.
  const [tag] = document.warnings.filter(({ code }) => code === 'TAG_RESOLVE_FAILED')
  const syntax = document.errors[0] ?? tag ?? document.warnings[0]
  if (syntax?.code === 'MULTIPLE_DOCS') {
    return problemAt(syntax.pos[0], 'a second YAML document begins here. Keep one.')
  }
  if (syntax !== undefined && syntax === tag) {
    const name = text.slice(syntax.pos[0]).match(/^\S*/)?.[0] ?? ''
    return problemAt(syntax.pos[0], `the tag ${name} is not known here. Leave it out, or quote the value.`)
  }
  if (syntax !== undefined) return problemAt(syntax.pos[0], `is not valid YAML: ${syntax.message}`)
  const wrong = checkNodes(document)
  if (wrong !== null) return problemAt(wrong.offset, wrong.sentence)
  // `checkNodes` has limited the expansion of aliases.
  return { document, lines, values: unshared(document.toJS({ maxAliasCount: -1 })) }
}

export function isYamlProblem(read: YamlText | YamlProblem): read is YamlProblem {
  return 'sentence' in read
}

/**
 * The position where a text nests too deeply or has too many tokens; null if it does not. Also records where lines
 * begin.
 */
function excess(text: string, lines: LineCounter): { readonly offset: number; readonly sentence: string } | null {
  const parser = new Parser(lines.addNewLine)
  lines.addNewLine(0)
  let offset = 0
  let tokens = 0
  for (const token of new Lexer().lex(text)) {
    // The parser's handling of them does not matter here.
    for (const _ of parser.next(token));
    // The document itself is on the stack.
    if (parser.stack.length > mostDeep + 1) {
      return { offset, sentence: `the values are nested more than ${mostDeep} levels deep. Nest them less.` }
    }
    if (tokens === mostTokens) return { offset, sentence: `the file has more than ${mostTokens} words. Shorten it.` }
    offset += token.length
    tokens++
  }
  return null
}

/** A deep copy without shared values. */
function unshared(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unshared)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unshared(inner)]))
}
