/** Bytes for people, in powers of 1024: `24.0 GiB`, `162.6 MiB`, or `5120 bytes` where there are few. */
export function bytesText(bytes: number): string {
  if (bytes < 1e5) return `${bytes} bytes`
  if (bytes < 2 ** 30) return `${(bytes / 2 ** 20).toFixed(1)} MiB`
  const gibibytes = bytes / 2 ** 30
  return gibibytes < 1000 ? `${gibibytes.toFixed(1)} GiB` : `${Math.round(gibibytes).toLocaleString('en-US')} GiB`
}
