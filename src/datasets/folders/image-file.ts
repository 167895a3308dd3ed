/** An image file and the index of its class. */
export interface ImageFile {
  readonly file: string
  readonly label: number
}
