/** Cuts a text to at most `length` characters, ending in three dots. */
export function shorten(text: string, length = 60): string {
  return text.length > length ? `${text.slice(0, length - 3)}...` : text
}
