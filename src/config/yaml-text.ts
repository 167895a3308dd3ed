import { type Document, Lexer, LineCounter, Parser, parseDocument } from 'yaml'
import { checkNodes } from './yaml-nodes.js'

/** A YAML text that was read: where its nodes are, and the plain values it stands for. */
export interface YamlText {
  readonly document: Document
  readonly lines: LineCounter
  /** Values without aliases: each place has its own, so that changing one changes no other. */
  readonly values: unknown
}

/** What is wrong with a YAML text, as what follows the name of the file. */
export interface YamlProblem {
  readonly line: number
  readonly column: number
  readonly sentence: string
}

/** No configuration nests deeper; far more would exhaust the stack. */
const mostDeep = 100
/** The parser takes seconds over more of them, where each is an error. */
const mostTokens = 200_000

/** Reads one YAML document, whatever the text is; a problem is returned, never thrown. */
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
    // `checkNodes` looks for equal keys; here each key would be compared with every other one.
    uniqueKeys: false,
    // `<<: *anchor`, so that evaluators which differ in one setting need not repeat the others.
    merge: true,
    schema: 'core',
    // Else `!!binary` and the like make values that are no plain data.
    resolveKnownTags: false,
  })
  // An unknown tag is a warning to the parser, which then ignores it.
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
  // `checkNodes` has bounded what the aliases come to.
  return { document, lines, values: unshared(document.toJS({ maxAliasCount: -1 })) }
}

export function isYamlProblem(read: YamlText | YamlProblem): read is YamlProblem {
  return 'sentence' in read
}

/** Where a text nests too deep or has too many tokens; null if it does not. Notes where its lines begin on the way. */
function excess(text: string, lines: LineCounter): { readonly offset: number; readonly sentence: string } | null {
  const parser = new Parser(lines.addNewLine)
  lines.addNewLine(0)
  let offset = 0
  let tokens = 0
  for (const token of new Lexer().lex(text)) {
    // What the parser makes of them does not matter here.
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

/** A copy in which no two places share a value. */
function unshared(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unshared)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unshared(inner)]))
}
