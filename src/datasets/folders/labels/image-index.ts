import path from 'node:path'
import type { SplitName } from '../../dataset.js'
import { hasImageEnding } from '../is-image-file.js'
import { isThing, readSplitName } from '../split-names.js'

/** The images of a data set by the names that tables may give them. */
export class ImageIndex {
  readonly files: readonly string[]
  /** Names of folders that may be classes. */
  readonly folderNames: ReadonlySet<string>
  readonly #top: string
  readonly #byPath = new Map<string, string>()
  /** By the last part of their paths, with and without the ending. */
  readonly #byName = new Map<string, string[]>()

  /** @param top the folder that the images are in */
  constructor(top: string, files: readonly string[]) {
    this.#top = top
    this.files = files
    for (const file of files) {
      this.#byPath.set(path.normalize(file).normalize(), file)
      const name = path.basename(file).normalize()
      this.#add(name, file)
      const stem = stemOf(name)
      if (stem !== name) this.#add(stem, file)
    }
    const outer = new Map(files.map((file) => [path.dirname(file), file]))
    const names = [...outer.values()].flatMap((file) => this.foldersOf(file))
    this.folderNames = new Set(names.filter((name) => !isThing(name) && readSplitName(name) === null))
  }

  #add(name: string, file: string): void {
    const alike = this.#byName.get(name)
    if (alike === undefined) this.#byName.set(name, [file])
    else alike.push(file)
  }

  /**
   * The images that a cell of a table may mean: none, one, or several of the same name. A path counts from the table's folder
   * or from the top; else the file's name decides, with or without its ending, in folders of the table's split first.
   */
  find(cell: string, from: string, role: SplitName | null): readonly string[] {
    // Some systems write letters and their accents apart.
    const name = cell
      .normalize()
      .replaceAll('\\', '/')
      .replace(/^(\.?\/)+/, '')
    if (name === '') return []
    for (const folder of [from, this.#top]) {
      const file = this.#byPath.get(path.join(folder, name).normalize())
      if (file !== undefined) return [file]
    }
    const base = path.posix.basename(name)
    const alike = this.#byName.get(base) ?? (hasImageEnding(base) ? this.#byName.get(stemOf(base)) : undefined) ?? []
    if (alike.length < 2) return alike
    const ending = alike.filter((file) => file.normalize().split(path.sep).join('/').includes(`/${name}`))
    const sameSplit = (ending.length > 0 ? ending : alike).filter((file) => role !== null && this.roleOf(file) === role)
    return sameSplit.length > 0 ? sameSplit : ending.length > 0 ? ending : alike
  }

  /** The names of the folders that an image is in, from the top. */
  foldersOf(file: string): readonly string[] {
    return path.relative(this.#top, path.dirname(file)).split(path.sep)
  }

  /** The split that the folders of an image name: `train/1.png`. */
  roleOf(file: string): SplitName | null {
    const [outer = ''] = this.foldersOf(file)
    const role = readSplitName(outer)?.role ?? null
    return role === 'unlabelled' ? null : role
  }
}

const stemOf = (name: string): string => (hasImageEnding(name) ? name.slice(0, name.lastIndexOf('.')) : name)
