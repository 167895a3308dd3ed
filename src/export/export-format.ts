import type { PortableNetwork } from './portable-network.js'

/** A file format that trained networks can be written in: one folder, and one line in the registry. */
export interface ExportFormat {
  /** In the command line and in the library, such as `onnx`. */
  readonly name: string
  /** For people, such as `ONNX`. */
  readonly title: string
  /** The files by name. */
  files(network: PortableNetwork): ExportedFiles
  /** How to use the files: Markdown for the README beside them. */
  usage(network: PortableNetwork): string
  /**
   * Reads the files again, for the check.
   *
   * @param directory the folder that they were written to
   * @param network what was exported, for what the files themselves do not say
   * @throws ExportError if they cannot be read.
   */
  open(directory: string, network: PortableNetwork): OpenedExport
}

export type ExportedFiles = Readonly<Record<string, Uint8Array>>

/** An exported network that was read again from its files. */
export interface OpenedExport {
  /** What predicted, in words that complete "checked by ...". */
  readonly checkedBy: string
  /** What the check could not cover; null if nothing. */
  readonly unchecked: string | null
  /** Predicts from bytes `[count, channels, height, width]`. */
  predict(pixels: Uint8Array, count: number): ExportedOutputs | Promise<ExportedOutputs>
  /** Frees its memory. */
  close?(): void
}

/** `[count, classes]` each. */
export interface ExportedOutputs {
  readonly logits: Float32Array
  readonly probabilities: Float32Array
}
