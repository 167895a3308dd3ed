/** Maximum line width: that of the terminal, 80 if unknown, no limit for files and pipes. */
export function terminalColumns(stream: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'> = process.stdout): number {
  return stream.isTTY ? stream.columns || 80 : Infinity
}
