/** Closes after an error, ignoring further errors, which would hide the first. */
export async function closeQuietly(resource: { close(): Promise<void> }): Promise<void> {
  await resource.close().catch(() => {})
}
