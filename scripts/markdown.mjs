/* What the documents' tables are written with. */

/** `1,234`, without a fraction. */
export const thousands = (value) => Math.round(value).toLocaleString('en-US')

/** A table of Markdown. */
export function table(titles, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`
  return [line(titles), line(titles.map(() => '---')), ...rows.map(line)].join('\n')
}
