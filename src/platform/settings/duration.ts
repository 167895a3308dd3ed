const secondsPerUnit: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }

/** Maximum length of a duration's text. */
const mostLetters = 100

/** Seconds in a duration such as `90s`, `30m`, `1h30m` or `2d`; null if the text is not a duration. */
export function parseDuration(text: string): number | null {
  if (text.length > mostLetters || !/^(\d+(\.\d+)?[smhd])+$/.test(text)) return null
  let seconds = 0
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)([smhd])/g)) {
    seconds += Number(amount) * (secondsPerUnit[unit ?? 's'] ?? 1)
  }
  return Number.isFinite(seconds) ? seconds : null
}
