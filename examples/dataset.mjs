import { createRng } from 'fear-nas'

const classNames = ['flat', 'steep', 'falling']
const side = 12

/** @type {import('fear-nas').RawImagesLoader} */
export default function makeStripes({ settings }) {
  const { perClass = 200, noise = 40 } = /** @type {{ perClass?: number, noise?: number }} */ (settings)
  // All images that there are, the same each time. fear-nas chooses among them by the seed of the run.
  const train = stripes(perClass, noise, 'train')
  const test = stripes(Math.ceil(perClass / 4), noise, 'test')
  return { classNames, channels: 1, height: side, width: side, train, test }
}

/**
 * Noisy stripes, whose direction is the class.
 *
 * @param {number} perClass
 * @param {number} noise
 * @param {string} split
 */
function stripes(perClass, noise, split) {
  const rng = createRng('stripes', split)
  const labels = Uint8Array.from({ length: classNames.length * perClass }, (_, image) => image % classNames.length)
  const pixels = new Uint8Array(labels.length * side * side)
  for (const [image, label] of labels.entries()) {
    const phase = 6 * rng.next()
    for (let i = 0; i < side * side; i++) {
      const [x, y] = [i % side, Math.floor(i / side)]
      const place = label === 0 ? y : label === 1 ? x : x + y
      pixels[image * side * side + i] = 128 + 80 * Math.sin(place + phase) + noise * (2 * rng.next() - 1)
    }
  }
  return { count: labels.length, pixels, labels }
}
