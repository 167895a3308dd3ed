/** After an error: that is the reason, and another one while closing would hide it. */
export async function closeQuietly(resource: { close(): Promise<void> }): Promise<void> {
  await resource.close().catch(() => {})
}
