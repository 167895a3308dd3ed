import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import util from 'node:util'
import { lastingCacheFolder } from '../../platform/cache-folder.js'
import { EngineError } from '../../platform/errors.js'
import { isClone } from '../../platform/files.js'
import { type Gpu, visibleGpus } from '../../platform/hardware.js'
import { firstLineOf } from '../../platform/message-of.js'
import type { Engine } from '../engine.js'
import { type NodeBackend, nodeBackend } from './node-backend.js'
import { quietly, type TensorFlow, useBackend } from './tensorflow.js'
import { prepareEnvironment } from './tensorflow-environment.js'
import { createTfjsEngine } from './tfjs-engine.js'

type PackageName = '@tensorflow/tfjs-node-gpu' | '@tensorflow/tfjs-node'

/**
 * Loads the engine on TensorFlow's C library: `@tensorflow/tfjs-node-gpu` or `@tensorflow/tfjs-node`, the former if
 * there is an NVIDIA GPU. Both are optional packages, found in the folder named by the environment variable
 * FEAR_NAS_TFJS_NODE, else in that of `make setup-tensorflow` (`madeFolder`), else where this package is installed. If
 * neither is installed, this fails within milliseconds.
 *
 * Each worker must be a process: see docs/tensorflow.md.
 *
 * @throws EngineError if no package is installed, or none loads, with the reason.
 */
export async function loadTensorflowEngine(): Promise<Engine> {
  const packages = installedPackages(process.env.FEAR_NAS_TFJS_NODE)
  const gpus = visibleGpus(process.env)
  // Both packages also work in the other case.
  if (gpus.length === 0) packages.reverse()
  prepareEnvironment(process.env, gpus.length > 0)
  restoreRemovedFunctions()
  const reasons: string[] = []
  for (const found of packages) {
    try {
      const tf = await quietly(() => found.require(found.name) as TensorFlow)
      useBackend(tf, 'tensorflow')
      const backend = nodeBackend(tf)
      if (backend === null) throw new Error('its backend does not start')
      return createTfjsEngine(tf, 'tensorflow', 'tensorflow', describe(tf, backend, gpus))
    } catch (error) {
      reasons.push(`${found.name} does not load: ${firstLineOf(error).trim()}`)
    }
  }
  throw new EngineError(`${reasons.join('; ')}. Install it again with: ${installCommand()}`)
}

interface InstalledPackage {
  readonly name: PackageName
  readonly require: NodeJS.Require
}

/** The installed packages, the one for GPUs first. */
function installedPackages(folder: string | undefined): InstalledPackage[] {
  const made = folder ? null : madeFolder()
  const places = folder ? [path.join(path.resolve(folder), 'package.json')] : [...(made ? [made] : []), import.meta.url]
  const names: readonly PackageName[] = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node']
  for (const place of places) {
    const require = createRequire(place)
    const found = names.filter((name) => isInstalled(require, name)).map((name) => ({ name, require }))
    if (found.length > 0) return found
  }
  throw new EngineError(
    folder
      ? `FEAR_NAS_TFJS_NODE is ${folder}, but that folder holds neither ${names.join(' nor ')}`
      : `neither ${names.join(' nor ')} is installed; get one with: ${installCommand()}`,
  )
}

/** The package.json of the folder that `scripts/setup-tensorflow.sh` makes where the packages' own library does not fit. */
function madeFolder(): string | null {
  const cache = lastingCacheFolder()
  const file = cache === null ? null : path.join(cache, 'tensorflow', 'package.json')
  return file !== null && existsSync(file) ? file : null
}

function installCommand(): string {
  // Package managers run install scripts only if they are told to, each in its own way.
  const command = 'npm install @tensorflow/tfjs-node@4.22.0, whose install script must be allowed to run'
  return isClone() ? 'make setup-tensorflow' : command
}

function isInstalled(require: NodeJS.Require, name: PackageName): boolean {
  try {
    require.resolve(name)
    return true
  } catch {
    return false
  }
}

/** The packages call functions that Node 23 has removed from `util`. */
function restoreRemovedFunctions(): void {
  const removed: Readonly<Record<string, (value: unknown) => boolean>> = {
    isNullOrUndefined: (value) => value === null || value === undefined,
    isArray: Array.isArray,
  }
  const functions = util as unknown as Record<string, unknown>
  for (const [name, replacement] of Object.entries(removed)) functions[name] ??= replacement
}

function describe(tf: TensorFlow, backend: NodeBackend, gpus: readonly Gpu[]): Engine['info'] {
  const { isUsingGpuDevice, binding } = backend
  return {
    version: tf.version_core,
    device: isUsingGpuDevice ? `gpu: ${gpus[0]?.name ?? 'unknown'}` : `cpu (libtensorflow ${binding.TF_Version})`,
    gpu: isUsingGpuDevice,
    maxThreads: Number.POSITIVE_INFINITY,
    isolation: 'process',
  }
}
