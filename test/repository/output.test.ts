import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'

it('the command line writes in one place only, which makes foreign text visible', () => {
  const writers = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.startsWith('conformance'))
    .filter((name) =>
      /process\.std(?:out|err)\.write|console\./.test(codeOf(readFileSync(path.join('src', name), 'utf8'))),
    )
  expect(writers).toEqual([path.join('cli', 'output.ts')])
})

/** Without documentation comments: the program of an example may print. */
function codeOf(text: string): string {
  return text.replaceAll(/\/\*\*.*?\*\//gs, '')
}
