import path from 'node:path'
import { bytesText } from '../../platform/bytes-text.js'
import { ConfigError, DownloadError } from '../../platform/errors.js'
import { makeDirectory } from '../../platform/make-directory.js'
import { download } from './download.js'
import { type DownloadLimits, defaultLimits } from './limits.js'
import { proxyFor } from './proxy.js'
import { type PublishedFile, type Source, sourceOf } from './sources.js'

export interface FetchOptions {
  readonly name: string
  /** The folder for data. */
  readonly to: string
  /** A mirror: the URL of a folder, used instead of the published ones. */
  readonly from?: string | undefined
  readonly limits?: Partial<DownloadLimits> | undefined
}

export interface FetchHooks {
  /** Called with the progress of a file, 0..1, and a text for a progress line. */
  readonly onProgress?: ((fraction: number, message: string) => void) | undefined
  /** Prints a permanent line. */
  readonly onLine?: ((message: string) => void) | undefined
}

/**
 * Downloads a data set's published files into a folder, and checks each against its published MD5.
 *
 * @returns the value for `data.path`.
 * @throws ConfigError for a data set that cannot be downloaded, and for an invalid mirror or proxy.
 * @throws DownloadError that says which URL to open by hand, and where to put the file.
 */
export async function fetchDataset(
  { name, to, from, limits = {} }: FetchOptions,
  hooks: FetchHooks = {},
): Promise<string> {
  const source = sourceOf(name)
  const bases = from === undefined ? source.bases : [mirror(from)]
  const proxies = bases.flatMap((base) => proxyFor(new URL(base))?.name ?? [])
  for (const proxy of new Set(proxies)) hooks.onLine?.(`through the proxy ${proxy}`)
  const folder = path.join(to, source.folder)
  try {
    makeDirectory(folder)
  } catch (cause) {
    throw new DownloadError(`${folder} cannot be created (${String(cause)}). Name another folder with --to.`, { cause })
  }
  for (const published of source.files) {
    await fetchFile(source, published, bases, folder, { ...defaultLimits, ...limits }, hooks)
  }
  return path.join(to, source.path)
}

/** The base URL of `--from`. */
function mirror(from: string): string {
  const url = URL.canParse(from) ? new URL(from) : null
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return from.endsWith('/') ? from : `${from}/`
  throw new ConfigError(`--from must be the URL of a folder, such as https://mirror.example/mnist/, got ${from}`)
}

/** Downloads from the first base that has the file. */
async function fetchFile(
  source: Source,
  { name, md5, bytes }: PublishedFile,
  bases: readonly string[],
  folder: string,
  limits: DownloadLimits,
  { onProgress, onLine }: FetchHooks,
): Promise<void> {
  const file = path.join(folder, name)
  const failures: string[] = []
  for (const base of bases) {
    const url = new URL(name, base).href
    try {
      const isNew = await download(
        { url, file, md5, bytes },
        {
          onBytes: (have, all) => onProgress?.(all === null ? 0 : have / all, `${name}: ${sizeText(have, all)}`),
          onRetry: onLine,
        },
        limits,
      )
      onLine?.(
        isNew ? `${file}: downloaded, MD5 ${md5} as published` : `${file}: already exists, MD5 ${md5} as published`,
      )
      return
    } catch (error) {
      if (!(error instanceof DownloadError)) throw error
      // An existing file is a problem for every base.
      if (error.message.startsWith(file)) throw error
      failures.push(error.message)
    }
  }
  throw new DownloadError(
    [
      `${name} could not be downloaded.`,
      ...failures.map((failure) => `  ${failure}`),
      `Open ${bases.map((base) => new URL(name, base).href).join(' or ')} by hand (page: ${source.page}),`,
      `and put the file (${bytesText(bytes)}, MD5 ${md5}) at ${path.resolve(file)}. The part received so far is kept: fetch again to continue.`,
    ].join('\n'),
  )
}

/** `12.3 MiB of 162.6 MiB` */
function sizeText(have: number, all: number | null): string {
  return all === null ? bytesText(have) : `${bytesText(have)} of ${bytesText(all)}`
}
