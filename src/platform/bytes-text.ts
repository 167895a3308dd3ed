/** Bytes for people, in decimal units: `62.9 GB`, `170.1 MB`, or `5120 bytes` where there are few. */
export function bytesText(bytes: number): string {
  if (bytes < 1e5) return `${bytes} bytes`
  if (bytes < 1e9) return `${(bytes / 1e6).toFixed(1)} MB`
  const gigabytes = bytes / 1e9
  return gigabytes < 1000 ? `${gigabytes.toFixed(1)} GB` : `${Math.round(gigabytes).toLocaleString('en-US')} GB`
}
