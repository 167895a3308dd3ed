/** The name of a column without case and separators: `Image_ID` and `image id` are the same. */
export function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\d]/gu, '')
}
