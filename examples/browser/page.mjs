// The page: loads the network, classifies the images that it is given, and shows what it found.
import { decodeImage, ImageError, inPlanes } from './image.mjs'
// The resizing of fear-nas itself: dist/datasets/resample.js of the package.
import { resampleImages } from './resample.js'

/**
 * TensorFlow.js, whose scripts in index.html set the global `tf`.
 *
 * @type {typeof import('@tensorflow/tfjs-core') & typeof import('@tensorflow/tfjs-layers')}
 */
const tf = /** @type {any} */ (globalThis).tf
const shown = 5

/**
 * @typedef {object} Network
 * @property {import('@tensorflow/tfjs-layers').LayersModel} model
 * @property {Record<string, unknown>} facts what the export says of it
 * @property {readonly string[]} classNames
 * @property {{ channels: number, height: number, width: number }} input
 */

/** @param {string} id */
const element = (id) => /** @type {HTMLElement} */ (document.getElementById(id))
const chooser = /** @type {HTMLInputElement} */ (element('file'))
const original = /** @type {HTMLImageElement} */ (element('original'))
const drop = element('drop')

/** @returns {Promise<Network>} */
async function loadNetwork() {
  const address = 'model/model.json'
  if (!(await fetch(address, { method: 'HEAD' })).ok) {
    throw new Error(`There is no network at ${address}. Make one with: fear-nas export RUN --format tfjs`)
  }
  await tf.setBackend('cpu')
  const model = await tf.loadLayersModel(address)
  const facts = /** @type {any} */ (model.getUserDefinedMetadata() ?? {})
  const { classNames, input } = facts
  if (!Array.isArray(classNames) || input?.height === undefined) {
    throw new Error('The network is not one that fear-nas exported: its class names or its input size are missing.')
  }
  if (input.channels !== 1 && input.channels !== 3) {
    throw new Error(`The network takes images of ${input.channels} channels, which no image file has.`)
  }
  return { model, facts, classNames, input }
}

/**
 * The image as the network takes it, in planes, and whether no colour was lost on the way.
 *
 * @param {Blob} file
 * @param {Network['input']} input
 */
async function prepare(file, { channels, height, width }) {
  const { rgba, isExact, ...size } = await decodeImage(file)
  const planes = inPlanes(rgba, channels)
  if (size.height === height && size.width === width) return { pixels: planes, isExact }
  if (height !== width) {
    throw new ImageError(`has ${size.width} x ${size.height} pixels, and the network takes ${width} x ${height} only`)
  }
  const pixels = new Uint8Array(channels * height * width)
  resampleImages(planes, size.height, size.width, height, pixels)
  return { pixels, isExact }
}

/**
 * The probabilities of the classes.
 *
 * @param {Network} network
 * @param {Uint8Array} pixels `[channels, height, width]`
 */
function predict({ model, input: { channels, height, width } }, pixels) {
  return tf.tidy(() => {
    const planes = tf.tensor4d(pixels, [1, channels, height, width], 'int32')
    const [, probabilities] = /** @type {import('@tensorflow/tfjs-core').Tensor[]} */ (
      model.predict(tf.transpose(planes, [0, 2, 3, 1]))
    )
    return probabilities.dataSync()
  })
}

let latest = 0

/**
 * @param {Network} network
 * @param {File} file
 */
async function classify(network, file) {
  const turn = ++latest
  try {
    const { pixels, isExact } = await prepare(file, network.input)
    // Another image may have been chosen meanwhile.
    if (turn !== latest) return
    const probabilities = predict(network, pixels)
    URL.revokeObjectURL(original.src)
    original.src = URL.createObjectURL(file)
    element('name').textContent = file.name
    drawSeen(pixels, network.input)
    showClasses(network.classNames, probabilities)
    element('note').textContent =
      'The image has transparent parts, whose colours this browser does not give: fear-nas may see them otherwise.'
    element('note').hidden = isExact
    say(null)
  } catch (error) {
    if (!(error instanceof ImageError)) throw error
    if (turn === latest) say(`${file.name} ${error.message}.`)
  }
}

/**
 * @param {Uint8Array} pixels
 * @param {Network['input']} input
 */
function drawSeen(pixels, { channels, height, width }) {
  const canvas = /** @type {HTMLCanvasElement} */ (element('seen'))
  Object.assign(canvas, { width, height })
  const size = height * width
  const rgba = Uint8ClampedArray.from({ length: 4 * size }, (_, i) =>
    i % 4 === 3 ? 255 : pixels[(channels === 1 ? 0 : (i % 4) * size) + Math.floor(i / 4)],
  )
  canvas.getContext('2d', { willReadFrequently: true })?.putImageData(new ImageData(rgba, width, height), 0, 0)
}

/**
 * @param {readonly string[]} classNames
 * @param {ArrayLike<number>} probabilities
 */
function showClasses(classNames, probabilities) {
  const ranked = classNames
    .map((name, i) => ({ name, probability: probabilities[i] }))
    .sort((a, b) => b.probability - a.probability)
  element('answer').textContent = ranked[0].name
  element('classes').replaceChildren(
    ...ranked.slice(0, shown).map(({ name, probability }) => {
      const line = document.createElement('li')
      line.dataset.probability = String(probability)
      line.style.setProperty('--share', `${100 * probability}%`)
      line.append(text('span', name), text('span', `${(100 * probability).toFixed(1)} %`))
      return line
    }),
  )
}

/** @param {Network} network */
function showNetwork({ facts, classNames, input: { channels, height, width } }) {
  const percent = (/** @type {unknown} */ share) => (typeof share === 'number' ? `${(100 * share).toFixed(1)} %` : null)
  const name = facts.run ?? facts.architecture
  element('about').textContent = `${name}: ${classNames.length} classes, computed in this page by TensorFlow.js.`
  const rows = Object.entries({
    Run: facts.run,
    Architecture: facts.architecture,
    Input: `${width} x ${height} pixels, ${channels === 1 ? 'grey' : 'colour'}`,
    Classes: classNames.join(', '),
    'Trained on': facts.dataset,
    'Test accuracy': percent(facts.testAccuracy),
    'Validation accuracy': percent(facts.validationAccuracy),
    Licence: facts.licence,
    'Made by': facts.producer,
  })
  const known = rows.filter(([, value]) => value !== null && value !== undefined)
  element('facts').replaceChildren(...known.flatMap(([title, value]) => [text('dt', title), text('dd', String(value))]))
  element('network').hidden = false
}

/**
 * @param {string} tag
 * @param {string} content
 */
function text(tag, content) {
  return Object.assign(document.createElement(tag), { textContent: content })
}

/** @param {string | null} problem hides the result; null shows it */
function say(problem) {
  element('problem').textContent = problem
  element('problem').hidden = problem === null
  element('result').hidden = problem !== null
}

/** @param {Network} network */
function listen(network) {
  const take = (/** @type {FileList | null | undefined} */ files) => {
    const file = files?.[0]
    if (file !== undefined) void classify(network, file)
  }
  chooser.disabled = false
  chooser.addEventListener('change', () => {
    take(chooser.files)
    // So that choosing the same file again counts, too.
    chooser.value = ''
  })
  // On the whole page, since a file that is dropped beside the field would replace it.
  document.addEventListener('dragover', (event) => {
    event.preventDefault()
    drop.classList.add('over')
  })
  document.addEventListener('dragleave', () => drop.classList.remove('over'))
  document.addEventListener('drop', (event) => {
    event.preventDefault()
    drop.classList.remove('over')
    take(event.dataTransfer?.files)
  })
}

try {
  const network = await loadNetwork()
  showNetwork(network)
  listen(network)
} catch (error) {
  element('about').textContent = 'The network could not be loaded.'
  element('problem').textContent = error instanceof Error ? error.message : String(error)
  element('problem').hidden = false
}
