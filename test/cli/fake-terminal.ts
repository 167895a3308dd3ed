/** A stream that people look at: what stands on the screen, as far as progress uses a terminal's commands. */
export function fakeTerminal(isTTY: boolean) {
  const lines: string[] = ['']
  const statuses: string[] = []
  let all = ''
  let row = 0
  let column = 0

  const put = (text: string): void => {
    const line = (lines[row] ?? '').padEnd(column)
    lines[row] = line.slice(0, column) + text + line.slice(column + text.length)
    column += text.length
  }
  const command = (final: string, parameter: string): void => {
    const count = Number(parameter || 1)
    if (final === 'A') row -= count
    else if (final === 'B') row += count
    else if (final === 'G') column = count - 1
    else if (final === 'K') lines[row] = parameter === '2' ? '' : (lines[row] ?? '').slice(0, column)
    else if (final === 'J') {
      lines.length = row + 1
      lines[row] = (lines[row] ?? '').slice(0, column)
    } else if (!'mhl'.includes(final)) throw new Error(`unknown terminal command ${parameter}${final}`)
  }
  const write = (text: string): boolean => {
    all += text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a terminal is told by
    for (const [part, parameter = '', final] of text.matchAll(/\u001b\[([?\d;]*)([A-Za-z])|\n|[^\u001b\n]+/g)) {
      if (final !== undefined) command(final, parameter)
      else if (part === '\n') {
        row++
        column = 0
        lines[row] ??= ''
      } else put(part)
    }
    const status = lines.findLast((line) => line !== '')
    if (status?.includes(' elapsed') && statuses.at(-1) !== status) statuses.push(status)
    return true
  }
  const stream = { isTTY, columns: 200, rows: 50, write, on: () => stream, once: () => stream, off: () => stream }
  return {
    stream: stream as unknown as NodeJS.WriteStream,
    /** Everything, commands included. */
    written: () => all,
    /** The lines that stand there now. */
    screen: () => `\n${lines.join('\n').trimEnd()}\n`,
    /** Every status line that stood there. */
    statuses: () => `\n${statuses.join('\n')}\n`,
  }
}
