// The bytes of an image as fear-nas reads them from a file: colour profiles are ignored, the image is turned as its EXIF data
// say, opacity is dropped.

const mostFileBytes = 128 * 2 ** 20
const mostPixels = 50_000_000

/** An image that cannot be used; the message says why. */
export class ImageError extends Error {}

/**
 * Decodes an image file.
 *
 * @param {Blob} file
 * @returns {Promise<{ width: number, height: number, rgba: Uint8Array | Uint8ClampedArray, isExact: boolean }>} `isExact` is
 * false if colours under transparent parts are lost
 * @throws ImageError if it is not an image, or too large.
 */
export async function decodeImage(file) {
  if (file.size > mostFileBytes) throw new ImageError('is too large: an image may have 128 MiB')
  const bitmap = await createImageBitmap(file, { colorSpaceConversion: 'none', premultiplyAlpha: 'none' }).catch(() => {
    throw new ImageError('is not an image that this browser can read')
  })
  try {
    const { width, height } = bitmap
    if (width * height > mostPixels) throw new ImageError(`is too large: ${width} x ${height} pixels`)
    const rgba = readCanvas(bitmap)
    const hasOpacity = rgba.some((value, i) => i % 4 === 3 && value !== 255)
    const exact = hasOpacity ? readTexture(bitmap) : rgba
    return { width, height, rgba: exact ?? rgba, isExact: exact !== null }
  } finally {
    bitmap.close()
  }
}

/**
 * The image in planes, `[channels, height, width]`: grey by the luma of ITU-R 601, or red, green, blue.
 *
 * @param {Uint8Array | Uint8ClampedArray} rgba
 * @param {number} channels 1 or 3
 */
export function inPlanes(rgba, channels) {
  const size = rgba.length / 4
  const planes = new Uint8Array(channels * size)
  for (let i = 0; i < size; i++) {
    const [r, g, b] = [rgba[4 * i], rgba[4 * i + 1], rgba[4 * i + 2]]
    if (channels === 1) planes[i] = (19_595 * r + 38_470 * g + 7_471 * b + 0x8000) >> 16
    else [planes[i], planes[size + i], planes[2 * size + i]] = [r, g, b]
  }
  return planes
}

/** @param {ImageBitmap} bitmap */
function readCanvas(bitmap) {
  const { width, height } = bitmap
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })
  if (context === null) throw new ImageError('cannot be drawn by this browser')
  context.drawImage(bitmap, 0, 0)
  return context.getImageData(0, 0, width, height).data
}

/**
 * A canvas keeps colours multiplied by their opacity, which loses them where it is low; a texture keeps them as they are.
 * Null if there is no WebGL, or the image is larger than its textures.
 *
 * @param {ImageBitmap} bitmap
 */
function readTexture(bitmap) {
  const { width, height } = bitmap
  const gl = new OffscreenCanvas(1, 1).getContext('webgl')
  if (gl === null || Math.max(width, height) > gl.getParameter(gl.MAX_TEXTURE_SIZE)) return null
  gl.bindTexture(gl.TEXTURE_2D, gl.createTexture())
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, bitmap)
  gl.bindFramebuffer(gl.FRAMEBUFFER, gl.createFramebuffer())
  gl.framebufferTexture2D(
    gl.FRAMEBUFFER,
    gl.COLOR_ATTACHMENT0,
    gl.TEXTURE_2D,
    gl.getParameter(gl.TEXTURE_BINDING_2D),
    0,
  )
  const rgba = new Uint8Array(4 * width * height)
  gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, rgba)
  const failed = gl.getError() !== gl.NO_ERROR
  // Browsers allow few contexts at a time.
  gl.getExtension('WEBGL_lose_context')?.loseContext()
  return failed ? null : rgba
}
