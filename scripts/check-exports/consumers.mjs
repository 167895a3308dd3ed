// The programs that people use exported networks with. Each predicts all images from the exported files and gives logits and
// probabilities, `[count, classes]`; one that is not here throws an error that says why.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { loadLayersModel } from '@tensorflow/tfjs-layers'

const root = fileURLToPath(new URL('../..', import.meta.url))
const python = process.env.FEAR_NAS_PYTHON ?? 'python3'
const onnxruntime = 'onnxruntime-node@1.30.0'
const batch = 256

/** A program that is not on this machine, and why. */
export class Absent extends Error {}

/**
 * In the order of the table. `run(images, download)` gets the bytes `[count, channels, height, width]`, the shape and the
 * folders of the exports by format.
 */
export const consumers = [
  {
    name: 'ONNX Runtime in Python, after onnx.checker',
    run: (images) => inPython(images, 'onnx', 'run_onnx.py', ['onnx', 'onnxruntime']),
  },
  { name: 'ONNX Runtime in Node', run: onnxInNode },
  { name: 'TensorFlow.js in Node', run: tensorflowInNode },
  { name: 'TensorFlow.js in Chromium', run: tensorflowInChromium },
  { name: 'PyTorch', run: (images) => inPython(images, 'pytorch', 'run_torch.py', ['torch', 'safetensors']) },
]

function inPython({ folders, pixels, shape }, format, program, modules) {
  try {
    execFileSync(python, ['-c', `import ${modules.join(', ')}`], { stdio: 'pipe' })
  } catch (error) {
    const [reason] = error.message.trim().split('\n').reverse()
    throw new Absent(`${python}: ${reason}; FEAR_NAS_PYTHON names another Python`)
  }
  const folder = folders[format]
  writeFileSync(path.join(folder, 'images.bin'), pixels)
  writeFileSync(path.join(folder, 'shape.txt'), shape.join(' '))
  execFileSync(python, [path.join(root, 'test', 'export', 'programs', program), folder], { stdio: 'pipe' })
  const floats = (name) => new Float32Array(Uint8Array.from(readFileSync(path.join(folder, name))).buffer)
  return { logits: floats('logits.bin'), probabilities: floats('probabilities.bin') }
}

async function onnxInNode({ count, folders, pixels, shape }, download) {
  const { InferenceSession, Tensor } = onnxRuntimeOf(download)
  const session = await InferenceSession.create(path.join(folders.onnx, 'model.onnx'))
  return inBatches(count, pixels, async (part, size) => {
    const images = new Tensor('uint8', part, [size, ...shape])
    const { logits, probabilities } = await session.run({ images })
    return [logits.data, probabilities.data]
  })
}

/** It has 290 MB, so it is no dependency of this package. */
function onnxRuntimeOf(download) {
  const folder = path.join(tmpdir(), 'fear-nas-onnxruntime')
  const find = createRequire(path.join(folder, 'package.json'))
  if (!existsSync(path.join(folder, 'node_modules', 'onnxruntime-node'))) {
    if (!download) throw new Absent('onnxruntime-node is not installed; --download fetches it (290 MB)')
    mkdirSync(folder, { recursive: true })
    const args = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts', onnxruntime]
    // Its install script would download libraries for GPUs.
    execFileSync('npm', args, { stdio: 'pipe', env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' } })
  }
  return find('onnxruntime-node')
}

async function tensorflowInNode({ count, folders, pixels, shape }) {
  await tf.setBackend('cpu')
  const read = (name) => readFileSync(path.join(folders.tfjs, name))
  const { weightsManifest, ...model } = JSON.parse(read('model.json').toString())
  const weightData = Uint8Array.from(read('weights.bin')).buffer
  const network = await loadLayersModel(
    tf.io.fromMemory({ ...model, weightSpecs: weightsManifest[0].weights, weightData }),
  )
  return inBatches(count, pixels, (part, size) =>
    tf.tidy(() => {
      const images = tf.transpose(tf.tensor4d(part, [size, ...shape], 'int32'), [0, 2, 3, 1])
      return network.predict(images).map((output) => output.dataSync())
    }),
  )
}

/** On the page of examples/browser, with its scripts and its content security policy. */
async function tensorflowInChromium({ count, folders, pixels, shape }) {
  const { chromium } = await import('playwright-core')
  const executablePath = chromiumPath()
  const server = spawn(process.execPath, ['examples/browser/serve.mjs', folders.tfjs, '--port', '0'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  try {
    const [line] = await once(server.stdout, 'data')
    const page = await browser.newPage()
    await page.route('**/images.bin', (route) => route.fulfill({ body: Buffer.from(pixels) }))
    await page.goto(/http:\S+/.exec(String(line))[0])
    await page.waitForSelector('#file:enabled')
    const [logits, probabilities] = await page.evaluate(predictInPage, { batch, count, shape })
    return { logits: Float32Array.from(logits), probabilities: Float32Array.from(probabilities) }
  } finally {
    await browser.close()
    server.kill()
  }
}

/** Runs in the browser. */
async function predictInPage({ batch, count, shape }) {
  const { tf } = globalThis
  const pixels = new Uint8Array(await (await fetch('images.bin')).arrayBuffer())
  const network = await tf.loadLayersModel('model/model.json')
  const outputs = [[], []]
  const image = pixels.length / count
  for (let from = 0; from < count; from += batch) {
    const part = pixels.subarray(from * image, (from + batch) * image)
    const results = tf.tidy(() => {
      const planes = tf.tensor4d(part, [part.length / image, ...shape], 'int32')
      return network.predict(tf.transpose(planes, [0, 2, 3, 1])).map((result) => result.dataSync())
    })
    for (const [i, values] of results.entries()) outputs[i].push(...values)
  }
  return outputs
}

function chromiumPath() {
  const names = ['chromium', 'chromium-browser', 'google-chrome']
  const folders = (process.env.PATH ?? '').split(path.delimiter)
  const candidates = [
    ...(process.env.FEAR_NAS_CHROMIUM ? [process.env.FEAR_NAS_CHROMIUM] : []),
    ...names.flatMap((name) => folders.map((folder) => path.join(folder, name))),
  ]
  const found = candidates.find((file) => existsSync(file))
  if (found === undefined) throw new Absent(`none of ${names.join(', ')} is on the PATH; FEAR_NAS_CHROMIUM names one`)
  return found
}

async function inBatches(count, pixels, predict) {
  const image = pixels.length / count
  const outputs = [[], []]
  for (let from = 0; from < count; from += batch) {
    const part = pixels.subarray(from * image, Math.min(from + batch, count) * image)
    const results = await predict(part, part.length / image)
    for (const [i, values] of results.entries()) outputs[i].push(...values)
  }
  const [logits, probabilities] = outputs.map((values) => Float32Array.from(values))
  return { logits, probabilities }
}
