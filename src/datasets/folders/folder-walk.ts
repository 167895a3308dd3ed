import path from 'node:path'
import { DataError } from '../../platform/errors.js'
import { type FileTree, isLitter } from '../file-tree/file-tree.js'
import { archiveEnding } from '../file-tree/open-tree.js'
import { annotationFolders } from './annotation-folders.js'
import { TakenFolders } from './taken-folders.js'

/** Limits of a folder of images. */
export interface FolderLimits {
  readonly files: number
  /** Maximum nesting of folders. */
  readonly depth: number
}

/** Maximum number of files: more than ImageNet's 1.4 million images, and their names fit into 500 MB. */
export const defaultFolderLimits: FolderLimits = { files: 2_000_000, depth: 32 }

/** A folder by its path and its real path. */
export interface FolderPath {
  readonly folder: string
  readonly real: string
}

export interface Listing {
  readonly folders: readonly string[]
  /** Those of `folders` that are links. */
  readonly linked: ReadonlySet<string>
  readonly files: readonly string[]
  /** Those of `files` that are links. */
  readonly linkedFiles: ReadonlySet<string>
  readonly special: readonly string[]
}

/** The name of a class or split: of an archive without its ending, with letters and accents in one piece. */
function shownName(name: string, all: readonly string[]): string {
  const stem = name.replace(archiveEnding, '')
  const isAlone = all.filter((other) => other.replace(archiveEnding, '') === stem).length === 1
  return (isAlone ? stem : name).normalize()
}

/** Walks the folders of a data set, and counts files and links that it does not follow. */
export class FolderWalk {
  /** Links to image files that are in the same class already. */
  readonly repeated: string[] = []
  /** Folders of annotations, which are passed over if `skipsAnnotations` is set. */
  readonly annotations: string[] = []
  /** Named pipes, devices and sockets, which are never opened. */
  readonly special: string[] = []
  readonly #unfollowed = new Set<string>()
  readonly tree: FileTree
  readonly #limits: FolderLimits
  readonly #getIt: string
  readonly #skipsAnnotations: boolean
  /** Folders that were looked into, so that no file is counted twice. */
  readonly #listings = new Map<string, Listing>()
  #files = 0

  constructor(tree: FileTree, limits: FolderLimits, getIt: string, { skipsAnnotations = false } = {}) {
    this.#skipsAnnotations = skipsAnnotations
    this.tree = tree
    this.#limits = limits
    this.#getIt = getIt
  }

  /** A folder by its path, whether it is there or not. */
  async at(folder: string): Promise<FolderPath> {
    return { folder, real: await this.tree.real(folder).catch(() => path.resolve(folder)) }
  }

  /** Links to folders that were not followed, with their targets. */
  get unfollowed(): readonly string[] {
    return [...this.#unfollowed]
  }

  /**
   * The folders in `parent` to read: plain folders, and links to folders elsewhere, since a class may be a link. A link
   * is skipped if its target contains the data set or a folder that is read already, or is inside one; images would
   * count twice, or endlessly.
   */
  async subfolders(
    parent: string,
    taken: readonly FolderPath[] = [],
  ): Promise<readonly (FolderPath & { readonly name: string })[]> {
    const { folders, linked } = await this.list(parent)
    const read = new TakenFolders(
      await this.tree.real(this.tree.root),
      taken.map(({ real }) => real),
    )
    const accepted: (FolderPath & { readonly name: string })[] = []
    const plainFirst = [...folders.filter((name) => !linked.has(name)), ...folders.filter((name) => linked.has(name))]
    for (const name of plainFirst) {
      const folder = path.join(parent, name)
      const real = await this.tree.real(folder)
      if (linked.has(name) && read.overlaps(real)) {
        this.#unfollowed.add(`${folder} -> ${real}`)
        continue
      }
      accepted.push({ name: shownName(name, folders), folder, real })
      read.add(real)
    }
    return accepted.sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  /**
   * All files below a folder, sorted, each file once. Links to files are followed. Links to folders are not: their
   * targets are either below the folder anyway or unrelated.
   */
  async filesWithin({ folder, real }: FolderPath): Promise<readonly string[]> {
    const found: { readonly file: string; readonly real: string; readonly isLink: boolean }[] = []
    await this.#collect(folder, real, 1, found)
    const plain = new Set(found.filter(({ isLink }) => !isLink).map((file) => file.real))
    return found
      .filter(({ file, real, isLink }) => {
        if (!isLink) return true
        if (plain.has(real)) {
          this.repeated.push(`${file} -> ${real}`)
          return false
        }
        plain.add(real)
        return true
      })
      .map(({ file }) => file)
  }

  async #collect(
    folder: string,
    real: string,
    depth: number,
    found: { file: string; real: string; isLink: boolean }[],
  ): Promise<void> {
    const { folders, linked, files, linkedFiles, special } = await this.list(folder)
    this.#listings.delete(folder)
    this.special.push(...special.map((name) => path.join(folder, name)))
    for (const name of files) {
      const file = path.join(folder, name)
      const isLink = linkedFiles.has(name)
      // A dangling link is kept, so that reading it reports the problem.
      const target = isLink ? await this.tree.real(file).catch(() => file) : path.join(real, name)
      found.push({ file, real: target, isLink })
    }
    for (const name of folders) {
      const inner = path.join(folder, name)
      if (linked.has(name)) {
        this.#unfollowed.add(`${inner} -> ${await this.tree.real(inner)}`)
        continue
      }
      if (depth >= this.#limits.depth) {
        throw new DataError(
          `${inner}: it is nested deeper than ${this.#limits.depth} folders. Name a folder of images.`,
        )
      }
      await this.#collect(inner, path.join(real, name), depth + 1, found)
    }
  }

  /** Names sorted by code units, so that the order is the same on every machine. Links count as their targets. */
  async list(folder: string): Promise<Listing> {
    const known = this.#listings.get(folder) ?? (await this.#read(folder))
    this.#listings.set(folder, known)
    return known
  }

  async #read(folder: string): Promise<Listing> {
    const entries = await this.tree.list(folder).catch((cause: NodeJS.ErrnoException) => {
      const why = { ENOENT: 'it does not exist', ENOTDIR: 'it is a file, and a folder is expected' }[cause.code ?? '']
      throw new DataError(`${folder}: ${why ?? `it is not a readable folder (${cause.code})`}. ${this.#getIt}`, {
        cause,
      })
    })
    this.#files += entries.length
    if (this.#files > this.#limits.files) {
      throw new DataError(`${this.tree.root}: it holds more than ${this.#limits.files} files. Name a smaller folder.`)
    }
    const names = { folder: [] as string[], file: [] as string[], special: [] as string[] }
    const linked = new Set<string>()
    const linkedFiles = new Set<string>()
    for (const { name, kind, isLink } of entries) {
      if (isLitter(name)) continue
      names[kind].push(name)
      if (!isLink) continue
      if (kind === 'folder') linked.add(name)
      if (kind === 'file') linkedFiles.add(name)
    }
    const { file: files, special } = names
    const folders = this.#skipsAnnotations ? await this.#withoutAnnotations(folder, names.folder) : names.folder
    return { folders: folders.sort(), files: files.sort(), special: special.sort(), linked, linkedFiles }
  }

  async #withoutAnnotations(folder: string, names: readonly string[]): Promise<string[]> {
    const holdsFolders = async (name: string): Promise<boolean> =>
      (await this.list(path.join(folder, name))).folders.length > 1
    const found = await annotationFolders(names, holdsFolders)
    this.annotations.push(...found.map((name) => path.join(folder, name)))
    return names.filter((name) => !found.includes(name))
  }
}
