/** Widths in a font size of 1, as sans-serif fonts have them on average, a little on the large side. */
const narrow = new Set("ijlftrI.,:;'|!()[]/ ")
const wide = new Set('mwMW%@')

/**
 * How wide a text is drawn, in pixels. Without a canvas Vega takes 0.8 of the font size for every character, which leaves
 * holes in legends; with one, the picture would depend on the machine's fonts.
 */
export function textWidth(text: string, fontSize: number): number {
  let width = 0
  for (const character of text) {
    if (narrow.has(character)) width += 0.36
    else if (wide.has(character)) width += 0.92
    else width += character >= 'A' && character <= 'Z' ? 0.7 : 0.6
  }
  return width * fontSize
}
