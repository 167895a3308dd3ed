/** Where the bytes of files are read from. */
export interface FileSource {
  /** The first bytes of a file, fewer where it is shorter. */
  start(file: string, length: number): Promise<Uint8Array>
  /** All bytes of a file, at most those of the largest image that is read. */
  read(file: string): Promise<Uint8Array>
}

/** A name in a folder. */
export interface TreeEntry {
  readonly name: string
  /** That of a link's target; a dangling link counts as a file, so that reading it reports the problem. */
  readonly kind: 'folder' | 'file' | 'special'
  readonly isLink: boolean
}

export interface FileFacts {
  readonly bytes: number
  /** Changes when the file does. */
  readonly version: readonly number[]
}

/**
 * Folders with files, on disk or in an archive. Paths in an archive continue the path of the archive:
 * `pets.zip/train/cat/1.jpg`.
 */
export interface FileTree extends FileSource {
  readonly root: string
  /** @throws the system's error for a folder that is missing or cannot be read. */
  list(folder: string): Promise<readonly TreeEntry[]>
  /** The path without links. */
  real(path: string): Promise<string>
  /** Of a file that is missing, zeros: reading it reports the problem. */
  facts(file: string): Promise<FileFacts>
  close(): Promise<void>
}

/** Files and folders that file managers, file systems and other programs leave. */
const litter =
  /^(\.|(Thumbs\.db|desktop\.ini|__MACOSX|@eaDir|#recycle|\$RECYCLE\.BIN|System Volume Information|__pycache__|lost\+found)$)/i

export function isLitter(name: string): boolean {
  return litter.test(name)
}
