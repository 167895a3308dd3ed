/** Average character widths of sans-serif fonts at font size 1, rounded up. */
const narrow = new Set("ijlftrI.,:;'|!()[]/ ")
const wide = new Set('mwMW%@')

/**
 * The width of a text in pixels. Without a canvas Vega assumes 0.8 of the font size per character, which leaves gaps in
 * legends; with a canvas, the picture would depend on the machine's fonts.
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
