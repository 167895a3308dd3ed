/** How wide lines may be: what the terminal says, 80 where it does not; no limit where a file or a program reads them. */
export function terminalColumns(stream: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'> = process.stdout): number {
  return stream.isTTY ? stream.columns || 80 : Infinity
}
