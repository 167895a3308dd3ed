import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { lastingCacheFolder } from './cache-folder.js'
import { packageRoot } from './files.js'
import { makeDirectory } from './make-directory.js'
import { sha256 } from './sha256.js'
import { makeTrusted } from './trusted-folder.js'

export const addonName = 'fear_nas.node'

/** Where the native engine's addon lies in a package that can be written. */
export function packagedAddonFolder(root: string = packageRoot()): string {
  return path.join(root, 'build', 'native')
}

/**
 * Where it lies otherwise: a folder of this user's cache that nobody else can write, with one folder for each state of
 * the sources and kind of machine. The folder may not exist yet.
 *
 * @returns null if there is no such cache folder.
 */
export function cachedAddonFolder(root: string = packageRoot(), env: NodeJS.ProcessEnv = process.env): string | null {
  const cache = lastingCacheFolder(env)
  if (cache === null) return null
  // The cache may be shared with a group, code may not.
  const own = path.join(cache, `native-${process.getuid?.() ?? 'user'}`)
  try {
    makeTrusted(own, 'nobody')
  } catch {
    return null
  }
  return path.join(own, addonSourcesDigest(root))
}

/** The folders that hold an addon, lazily; the first that loads is used. */
export function* addonFolders(root: string = packageRoot()): Generator<string, void> {
  const packaged = packagedAddonFolder(root)
  if (existsSync(path.join(packaged, addonName))) yield packaged
  const cached = cachedAddonFolder(root)
  if (cached !== null && existsSync(path.join(cached, addonName))) yield cached
}

/** Whether files can be created in the folder that the package's addon is to lie in. */
export function canWritePackage(root: string = packageRoot()): boolean {
  try {
    const folder = path.dirname(packagedAddonFolder(root))
    makeDirectory(folder)
    accessSync(folder, constants.W_OK | constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** The program that builds the addon. */
export function buildScript(root: string = packageRoot()): string {
  return path.join(root, 'scripts', 'build-native.mjs')
}

/** What the addon is made of, and for what: 16 hexadecimal digits. */
export function addonSourcesDigest(root: string): string {
  const sources = filesIn(path.join(root, 'native')).filter((name) => /\.(cpp|h)$/.test(name))
  const scripts = ['build-native.mjs', 'compile-cpp.mjs'].map((name) => path.join('scripts', name))
  const parts = [...sources.map((name) => path.join('native', name)), ...scripts].flatMap((file) => {
    const whole = path.join(root, file)
    return existsSync(whole) ? [`\n${file}\n`, readFileSync(whole)] : []
  })
  return sha256(`${process.platform} ${process.arch}`, ...parts).slice(0, 16)
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
  } catch {
    return []
  }
}
