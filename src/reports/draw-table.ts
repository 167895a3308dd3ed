import Table from 'cli-table3'
import stringWidth from 'string-width'

/** Colours only through chalk, which omits them if disabled; no lines between rows. */
const plain = {
  style: { head: [], border: [] },
  chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
}

/** The time that cli-table3 takes grows with the square of its rows. */
const rowsAtOnce = 50

const noTop = { top: '', 'top-left': '', 'top-mid': '', 'top-right': '' }
const noBottom = { bottom: '', 'bottom-left': '', 'bottom-mid': '', 'bottom-right': '' }

/**
 * A table of any number of rows, drawn in parts with the same column widths. Widths are measured by cli-table3's
 * version of string-width, since cells are cut off if they disagree.
 */
export function drawTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map(cellWidth)
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cellWidth(cell))
  }
  const parts: string[] = []
  for (let start = 0; start === 0 || start < rows.length; start += rowsAtOnce) {
    const isLast = start + rowsAtOnce >= rows.length
    const table = new Table({
      ...plain,
      ...(start === 0 && { head: [...head] }),
      colWidths: widths.map((width) => width + 2),
      chars: { ...plain.chars, ...(start > 0 && noTop), ...(!isLast && noBottom) },
    })
    for (const row of rows.slice(start, start + rowsAtOnce)) table.push([...row])
    parts.push(table.toString())
  }
  return parts.join('\n')
}

/** Visible width of the longest line of a cell. */
export function cellWidth(text: string): number {
  return Math.max(...text.split('\n').map((line) => stringWidth(line)))
}
