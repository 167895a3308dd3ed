import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { ExportError } from '../../platform/errors.js'
import type { ExportedOutputs } from '../export-format.js'

/** Reads the number of images and their bytes, and writes logits and probabilities, until its input ends. */
const program = `
import struct, sys
sys.path.insert(0, sys.argv[1])
import torch
from model import load

# Batches are small, and other programs may be at work.
torch.set_num_threads(1)
network = load()
shape = [int(length) for length in sys.argv[2].split(",")]
size = shape[0] * shape[1] * shape[2]
while header := sys.stdin.buffer.read(4):
    (count,) = struct.unpack("<I", header)
    images = torch.frombuffer(bytearray(sys.stdin.buffer.read(count * size)), dtype=torch.uint8)
    with torch.inference_mode():
        for output in network(images.view(count, *shape)):
            sys.stdout.buffer.write(output.contiguous().numpy().tobytes())
    sys.stdout.buffer.flush()
`

/** The Python to use; a virtual environment may be named. */
function interpreter(): string {
  return process.env.FEAR_NAS_PYTHON ?? 'python3'
}

/** By interpreter: to ask takes seconds. */
const versions = new Map<string, string | null>()

/** The version of PyTorch that Python has here, with safetensors beside it; null if it has not. */
export function torchVersion(): string | null {
  const python = interpreter()
  const known = versions.get(python)
  if (known !== undefined) return known
  const script = 'import safetensors.torch, torch; print(torch.__version__)'
  const { status, stdout } = spawnSync(python, ['-c', script], { encoding: 'utf8' })
  const version = status === 0 ? stdout.trim() : null
  versions.set(python, version)
  return version
}

/** A Python process that predicts by the module of an exported network. */
export class PythonNetwork {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #classes: number
  #received = Buffer.alloc(0)
  #errors = ''
  #failure: ExportError | null = null
  #waiting: { readonly bytes: number; done(): void; failed(error: ExportError): void } | null = null

  /** @param shape of an image */
  constructor(directory: string, shape: readonly number[], classes: number) {
    // -B: no folder of compiled code beside the files.
    this.#child = spawn(interpreter(), ['-B', '-c', program, directory, shape.join(',')])
    this.#classes = classes
    this.#child.stdout.on('data', (bytes: Buffer) => {
      this.#received = Buffer.concat([this.#received, bytes])
      if (this.#waiting !== null && this.#received.length >= this.#waiting.bytes) this.#waiting.done()
    })
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text
    })
    const fail = (why: string): void => {
      this.#failure ??= new ExportError(`Python could not run model.py: ${why}.`)
      this.#waiting?.failed(this.#failure)
    }
    this.#child.on('error', ({ message }) => fail(message))
    this.#child.stdin.on('error', () => {})
    this.#child.on('close', () => fail(this.#errors.trim().split('\n').at(-1) || 'it ended'))
  }

  predict(pixels: Uint8Array, count: number): Promise<ExportedOutputs> {
    if (this.#failure !== null) return Promise.reject(this.#failure)
    const values = count * this.#classes
    return new Promise((resolve, reject) => {
      this.#waiting = {
        bytes: 8 * values,
        failed: reject,
        done: () => {
          const all = new Float32Array(Uint8Array.from(this.#received).buffer)
          this.#received = Buffer.alloc(0)
          this.#waiting = null
          resolve({ logits: all.subarray(0, values), probabilities: all.subarray(values) })
        },
      }
      const header = Buffer.alloc(4)
      header.writeUInt32LE(count)
      this.#child.stdin.write(header)
      this.#child.stdin.write(pixels)
    })
  }

  close(): void {
    this.#child.stdin.end()
  }
}
