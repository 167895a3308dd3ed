import { closest } from '../platform/closest.js'
import { ConfigError } from '../platform/errors.js'
import type { ExportFormat } from './export-format.js'
import { json } from './json/index.js'
import { onnx } from './onnx/index.js'
import { pytorch } from './pytorch/index.js'
import { tfjs } from './tfjs/index.js'

/** All export formats, in the order in which they are listed. */
export const exportFormats: readonly ExportFormat[] = [onnx, tfjs, pytorch, json]

export const exportFormatNames: readonly string[] = exportFormats.map(({ name }) => name)

/** @throws ConfigError that lists the formats, unless `name` is one of them. */
export function findExportFormat(name: string): ExportFormat {
  const found = exportFormats.find((format) => format.name === name)
  if (found !== undefined) return found
  const meant = closest(name, exportFormatNames)
  throw new ConfigError(
    `There is no export format "${name}"${meant === null ? '' : `; did you mean ${meant}?`} (formats: ${exportFormatNames.join(', ')}).`,
  )
}
