import { stripVTControlCharacters } from 'node:util'
import { terminalColumns } from '../platform/terminal-columns.js'
import { cellWidth, drawTable } from './draw-table.js'

/** Minimum column width; narrower columns are unreadable. */
const leastWidth = 8

/**
 * A table for a terminal of the given width. If it is too wide, titles are wrapped; then columns move to further tables
 * below, each with the first column; cells that are still too wide are wrapped, and words are shortened in the middle.
 */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  columns = terminalColumns(),
): string {
  const all = [head, ...rows]
  const natural = head.map((_, i) => Math.max(...all.map((row) => cellWidth(row[i] ?? ''))))
  if (frameWidth(natural) <= columns) return drawTable(head, rows)
  const [first = 0, ...others] = natural
  const title = Math.min(first, Math.max(leastWidth, Math.floor(columns / 2)))
  const room = Math.max(leastWidth, columns - frameWidth([title, 0]))
  const widths = others.map((width, i) => {
    const needed = Math.max(longestWord(head[i + 1] ?? ''), ...rows.map((row) => cellWidth(row[i + 1] ?? '')))
    return Math.min(room, width, needed)
  })
  return groups(widths, columns - title)
    .map((group) => {
      const shown = [0, ...group.map((i) => i + 1)]
      const fitted = [title, ...group.map((i) => widths[i] ?? 0)]
      const cut = (row: readonly string[]): string[] => shown.map((i, at) => wrapCell(row[i] ?? '', fitted[at] ?? 0))
      return drawTable(cut(head), rows.map(cut))
    })
    .join('\n')
}

/** Width with borders and a space on both sides of each cell. */
function frameWidth(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width + 3, 1)
}

/** The columns, by index, that fit into one table beside the first; at least one. */
function groups(widths: readonly number[], room: number): readonly (readonly number[])[] {
  const result: number[][] = []
  for (const i of widths.keys()) {
    const last = result.at(-1)
    const joined = [...(last ?? []), i].map((at) => widths[at] ?? 0)
    if (last !== undefined && frameWidth([0, ...joined]) <= room) last.push(i)
    else result.push([i])
  }
  return result
}

function longestWord(text: string): number {
  return Math.max(
    ...stripVTControlCharacters(text)
      .split(/\s/)
      .map(({ length }) => length),
  )
}

function wrapCell(text: string, width: number): string {
  return text
    .split('\n')
    .flatMap((line) => (cellWidth(line) <= width ? [line] : wrapLine(line, width)))
    .join('\n')
}

function wrapLine(line: string, width: number): readonly string[] {
  const lines: string[] = []
  for (const word of line.split(' ')) {
    const fitting = cellWidth(word) <= width ? word : shortenMiddle(stripVTControlCharacters(word), width)
    const last = lines.at(-1)
    if (last !== undefined && cellWidth(`${last} ${fitting}`) <= width) lines[lines.length - 1] = `${last} ${fitting}`
    else lines.push(fitting)
  }
  return lines
}

/** `|nor_conv_3...x3~2|`: both ends of a long name are more informative than its beginning. */
export function shortenMiddle(text: string, width: number): string {
  if (text.length <= width) return text
  const kept = Math.max(0, width - 3)
  return `${text.slice(0, Math.ceil(kept / 2))}...${text.slice(text.length - Math.floor(kept / 2))}`
}
