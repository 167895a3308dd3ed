/** Ctrl-C or SIGTERM once lets running trials finish, twice ends at once; the journal is valid either way. */
export interface StopSignals {
  readonly stop: AbortSignal
  dispose(): void
}

export function stopOnSignals(say: (text: string) => void, directory: string): StopSignals {
  const controller = new AbortController()
  const onSignal = (): void => {
    if (controller.signal.aborted) {
      process.stderr.write(`\nended at once. Go on with: fear-nas resume ${directory}\n`)
      process.exit(130)
    }
    controller.abort()
    say('stopping: running trials finish first; press Ctrl-C again to end at once')
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return {
    stop: controller.signal,
    dispose() {
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
    },
  }
}
