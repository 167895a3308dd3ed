import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

/** Folders of src from the bottom up. A file imports only from its own folder and from layers below its own. */
const layers: readonly (readonly string[])[] = [
  ['platform'],
  ['networks', 'statistics'],
  ['engines', 'spaces'],
  ['datasets'],
  ['training', 'benchmarks'],
  ['evaluators'],
  ['strategies'],
  ['execution', 'journal', 'models'],
  ['search', 'export'],
  ['studies'],
  ['config'],
  ['results'],
  ['reports'],
  ['runs'],
  ['cli'],
  ['conformance'],
]

/** What a worker thread may load: evaluators, execution and below, never the search or the command line. */
const workerLayers = layers.slice(0, 8).flat()

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => path.posix.normalize(name.replaceAll('\\', '/')))

/** Files imported by each file, type imports included, as paths under src. */
const imports = new Map(
  files.map((file) => {
    const text = readFileSync(path.join('src', file), 'utf8')
    const found = [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((match) => match[1] as string)
    return [file, found.map((to) => path.posix.join(path.posix.dirname(file), to).replace(/\.js$/, '.ts'))]
  }),
)

/** The text of a file without what the compiler erases. */
const runtimeText = (file: string): string =>
  readFileSync(path.join('src', file), 'utf8').replace(/^(?:import|export) type [^']*'[^']+'$/gm, '')

/** Files that are loaded with each file. */
const runtimeImports = new Map(
  [...imports].map(([file, all]) => {
    const text = runtimeText(file)
    return [file, all.filter((target) => text.includes(`/${path.posix.basename(target, '.ts')}.js'`))]
  }),
)

const packagesOf = (file: string): readonly string[] =>
  [...runtimeText(file).matchAll(/(?:from|import)\s*\(?\s*'([^.'][^']*)'/g)].map((match) => match[1] as string)

/** What the package exports: index.ts and its like, which may import from every layer. */
const isEntry = (file: string): boolean => !file.includes('/')
const folderOf = (file: string): string => file.split('/')[0] as string
const layerOf = (file: string): number => layers.findIndex((layer) => layer.includes(folderOf(file)))

describe('CONTRIBUTING.md', () => {
  it('has the same layers, in the same order', () => {
    const rows = readFileSync('CONTRIBUTING.md', 'utf8').matchAll(/^\| (\d+) +\| ([^|]+?) +\|/gm)
    const table = [...rows].map(([, number, folders]) => [
      Number(number),
      (folders ?? '').replaceAll('`', '').split(', '),
    ])
    expect(table).toEqual(layers.map((folders, index) => [index + 1, folders]))
  })
})

describe('imports', () => {
  it('are found at all, and every folder of src has its layer', () => {
    expect([...imports.values()].flat().length).toBeGreaterThan(50)
    expect(files.filter((file) => !isEntry(file) && layerOf(file) === -1)).toEqual([])
  })

  it('run downwards only', () => {
    const upward = [...imports].flatMap(([from, to]) =>
      to
        .filter((target) => !isEntry(from) && folderOf(target) !== folderOf(from) && layerOf(target) >= layerOf(from))
        .map((target) => `${from} -> ${target}`),
    )
    expect(upward).toEqual([])
  })

  it('have no cycle', () => {
    const done = new Set<string>()
    const visit = (file: string, trail: readonly string[]): void => {
      if (trail.includes(file)) expect.fail(`cycle: ${[...trail.slice(trail.indexOf(file)), file].join(' -> ')}`)
      if (done.has(file)) return
      for (const target of imports.get(file) ?? []) visit(target, [...trail, file])
      done.add(file)
    }
    for (const file of files) visit(file, [])
    expect(done.size).toBeGreaterThanOrEqual(files.length)
  })

  it('of a worker stay at evaluators and below', () => {
    const reached = new Set<string>()
    const visit = (file: string): void => {
      if (reached.has(file)) return
      reached.add(file)
      for (const target of imports.get(file) ?? []) visit(target)
    }
    visit('execution/worker-entry.ts')
    expect(reached.size).toBeGreaterThan(10)
    expect([...reached].filter((file) => !workerLayers.includes(folderOf(file)))).toEqual([])
  })

  it('of a worker reach no zod: it reads no configuration, and each worker would pay 8 MB for it', () => {
    const loaded = new Set<string>()
    const visit = (file: string): void => {
      if (loaded.has(file)) return
      loaded.add(file)
      for (const target of runtimeImports.get(file) ?? []) visit(target)
    }
    visit('execution/worker-entry.ts')
    expect(loaded).toContain('evaluators/fear/settings.ts')
    expect([...loaded].filter((file) => packagesOf(file).includes('zod'))).toEqual([])
    // What this looks for does find a file that imports it.
    expect(packagesOf('config/schema/config.ts')).toContain('zod')
  })
})

describe('randomness and time', () => {
  it('come from src/platform alone', () => {
    const loose = files
      .filter((file) => folderOf(file) !== 'platform')
      .filter((file) =>
        /Math\.random|Date\.now|performance\.now|new Date\(\)/.test(readFileSync(`src/${file}`, 'utf8')),
      )
    expect(loose).toEqual([])
  })
})
