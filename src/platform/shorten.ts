/** A text of at most `length` characters: what is cut off at its end is marked by three dots. */
export function shorten(text: string, length = 60): string {
  return text.length > length ? `${text.slice(0, length - 3)}...` : text
}
