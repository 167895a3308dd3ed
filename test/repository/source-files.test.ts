import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'

/** Source files in the folders, as paths from the repository's root. */
function sources(...folders: readonly string[]): readonly string[] {
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(ts|mjs|cpp|h|py|sh)$/.test(name))
      .map((name) => path.posix.join(folder, name.replaceAll('\\', '/'))),
  )
}

const textOf = (file: string): string => readFileSync(file, 'utf8')

it('no source file but generated ones has more than 300 lines', () => {
  const files = sources('src', 'native', 'scripts', 'benchmarks').filter((file) => !file.includes('/generated/'))
  expect(files.length).toBeGreaterThan(300)
  expect(files.filter((file) => textOf(file).split('\n').length - 1 > 300)).toEqual([])
})

it('what an error says is asked of src/platform/message-of.ts alone', () => {
  const copies = sources('src').filter((file) => /instanceof Error\s*\?\s*\w+\.message/.test(textOf(file)))
  expect(copies).toEqual(['src/platform/message-of.ts'])
})

it('tests make temporary folders by test/support/temporary-folder.ts alone, which removes them', () => {
  const makers = sources('test').filter((file) => textOf(file).includes(['mkd', 'temp'].join('')))
  expect(makers).toEqual(['test/support/temporary-folder.ts'])
})
