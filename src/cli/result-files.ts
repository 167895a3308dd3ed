import { readdirSync } from 'node:fs'

const known = ['report.html', 'summary.json', 'journal.jsonl', 'config.yaml']

/** The existing files of a run directory that users may need. */
export function resultFiles(directory: string): readonly string[] {
  const names = readdirSync(directory)
  const networks = names.filter((name) => /^best-.*\.bin$/.test(name)).toSorted()
  return [...known.filter((name) => names.includes(name)), ...networks]
}
