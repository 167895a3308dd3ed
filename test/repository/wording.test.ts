import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => path.posix.normalize(name.replaceAll('\\', '/')))

const textOf = (file: string): string => readFileSync(path.join('src', file), 'utf8')

const imports = new Map(
  files.map((file) => {
    const found = [...textOf(file).matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((match) => match[1] as string)
    return [file, found.map((to) => path.posix.join(path.posix.dirname(file), to).replace(/\.js$/, '.ts'))]
  }),
)

function reachable(roots: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>()
  const visit = (file: string): void => {
    if (seen.has(file)) return
    seen.add(file)
    for (const target of imports.get(file) ?? []) visit(target)
  }
  for (const root of roots) visit(root)
  return seen
}

/** All files but those that only the command line imports: workers' entries are started by path. */
const imported = new Set([...imports.values()].flat())
const library = reachable(files.filter((file) => !imported.has(file) && !file.startsWith('cli/')))

/** Every option that the command line declares. */
const flags = new Set(
  files
    .filter((file) => file.startsWith('cli/'))
    .flatMap((file) => [...textOf(file).matchAll(/'(--[a-z][a-z-]*)[ ']/g)].map((match) => match[1] as string)),
)

/** Commands that are a function in the library. Others, such as `data fetch`, are the next step of both. */
const command = /fear-nas (search|compare|rank|simulate|resume|train|export)\b/
/** With their flags. */
const otherCommands = /fear-nas (data|doctor|list)( [a-z-]+)*/g

function isOfCommandLine(written: string): boolean {
  const text = written.replaceAll(otherCommands, '')
  return command.test(text) || [...text.matchAll(/(?<![\w-])--[a-z][a-z-]*/g)].some(([flag]) => flags.has(flag))
}

function isExempt(node: ts.Node): boolean {
  for (let at = node; at.parent !== undefined; at = at.parent) {
    const { parent } = at
    if (!ts.isCallExpression(parent)) continue
    const { arguments: given, expression } = parent
    // The words of the command line, beside those of the library.
    if (ts.isIdentifier(expression) && expression.text === 'either' && given[1] === at) return true
    // The schema's descriptions are documentation, which covers both.
    if (ts.isPropertyAccessExpression(expression) && expression.name.text === 'describe') return true
  }
  // The field `command` of a summary is data.
  const { parent } = node
  return (
    (ts.isPropertyAssignment(parent) && parent.name.getText() === 'command') ||
    (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsEqualsEqualsToken)
  )
}

function faults(file: string, text: string): readonly string[] {
  // Most files have no such word, comments included.
  if (!isOfCommandLine(text) && !text.includes('resumeCommand')) return []
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) {
      if (isOfCommandLine(node.text) && !isExempt(node)) found.push(`${file}: ${node.text}`)
    }
    if (ts.isImportSpecifier(node) && node.name.text === 'resumeCommand') found.push(`${file}: resumeCommand`)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

describe('the library', () => {
  it('speaks of its own options, not of flags and commands of the command line', () => {
    expect(library.size).toBeGreaterThan(300)
    for (const file of ['index.ts', 'config/overrides.ts', 'runs/added-budget.ts', 'execution/process-pool.ts']) {
      expect(library).toContain(file)
    }
    for (const flag of ['--out', '--set', '--add', '--allow-code', '--seeds']) expect(flags).toContain(flag)
    const found = [...library].filter((file) => file !== 'platform/wording.ts').flatMap((f) => faults(f, textOf(f)))
    expect(found).toEqual([])
  })

  it.each([
    "throw new ConfigError('Name another folder with --out.')",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: source text.
    'throw new ConfigError(`--add ${text} is too much`)',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: source text.
    'warn(`${directory} goes on with "fear-nas resume"`)',
    "either('Continue with fear-nas resume', 'x')",
    "import { resumeCommand } from './shell.js'",
  ])('is found out: %s', (text) => {
    expect(faults('file.ts', text)).toHaveLength(1)
  })

  it.each([
    // biome-ignore lint/suspicious/noTemplateCurlyInString: source text.
    "worded`Name another folder with ${either('the option directory', '--out')}.`",
    "throw new EngineError('It is not built. Run: fear-nas doctor --build')",
    "spawnSync('nvidia-smi', ['--list-gpus'])",
    "z.object().describe('What `fear-nas compare` compares')",
    "const css = 'a { color: var(--ink) }' // --out",
  ])('may say: %s', (text) => {
    expect(faults('file.ts', text)).toEqual([])
  })
})
