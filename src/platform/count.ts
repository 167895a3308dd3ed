/** `1 finalist`, `2 finalists`, `0 finalists`; the plural ends in s unless told. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : plural}`
}
