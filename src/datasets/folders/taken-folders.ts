import path from 'node:path'

/** Folders that are read, by their real paths; tells whether another one overlaps with them, at any number of them. */
export class TakenFolders {
  readonly #folders = new Set<string>()
  /** These folders and all above them. */
  readonly #above = new Set<string>()

  /** @param root not a folder that is read, but none may contain it. */
  constructor(root: string, taken: readonly string[]) {
    for (const folder of upwards(root)) this.#above.add(folder)
    for (const folder of taken) this.add(folder)
  }

  add(real: string): void {
    this.#folders.add(real)
    for (const folder of upwards(real)) {
      // So are those above it.
      if (this.#above.has(folder)) break
      this.#above.add(folder)
    }
  }

  /** Whether a folder is one of these, contains one of them or the root, or is inside one of them. */
  overlaps(real: string): boolean {
    return this.#above.has(real) || upwards(real).some((folder) => this.#folders.has(folder))
  }
}

/** A folder, the one that it is in, and so on. */
function upwards(folder: string): readonly string[] {
  const parent = path.dirname(folder)
  return parent === folder ? [folder] : [folder, ...upwards(parent)]
}
