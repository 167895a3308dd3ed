/** `1 finalist`, `2 finalists`, `0 finalists`; the plural adds an s by default. */
export function counted(number: number, noun: string, plural = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : plural}`
}
