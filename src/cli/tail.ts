import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import type { JournalEvent } from '../journal/journal-event.js'
import { isHeldRun } from '../journal/run-directory.js'
import { eventsSince, lastEvents } from '../journal/tail-journal.js'
import { resumeCommand } from '../platform/shell.js'
import { visibleJson } from '../platform/visible-text.js'
import { describeJournalEvent, isDescribed } from '../reports/journal-line.js'
import { journalOf } from '../results/status/run-status.js'
import { pathArgument, positiveInteger } from './options.js'
import { writeError, writeOut } from './output.js'

interface TailOptions {
  readonly lines: number
  readonly follow?: true
  readonly json?: true
}

/** How often to check for new lines. Checking the file size is cheap, also on network drives. */
const pollMilliseconds = 500

export function addTailCommand(program: Command): void {
  program
    .command('tail')
    .description('print the last trials of a run, one per line, and new ones as they finish')
    .argument('<dir>', 'a run directory, such as results/quick-20260131-154500', pathArgument)
    .option('-n, --lines <n>', 'number of lines', positiveInteger, 10)
    .option('-f, --follow', 'print new lines until the run ends')
    .option('--json', 'the events of the journal, one JSON object per line')
    .addHelpText(
      'after',
      `
It only reads the run directory. Without -f it ends immediately, like tail; with -f it ends with the run or Ctrl-C.

Examples:
  fear-nas tail results/quick-20260131-154500 -n 20
  fear-nas tail -f results/quick-20260131-154500
  fear-nas tail -f --json results/quick-20260131-154500 | jq .outcome.kind`,
    )
    .action(tail)
}

async function tail(directory: string, { follow, json, lines }: TailOptions): Promise<void> {
  const file = journalOf(directory)
  const print = (event: JournalEvent): void => {
    const text = describeJournalEvent(event)
    if (text !== null) writeOut(`${json ? visibleJson(event) : text}\n`)
  }
  const last = await lastEvents(file, lines, isDescribed)
  last.events.forEach(print)
  let ended = last.events.at(-1)?.event === 'run.finished'
  let { end } = last
  if (!follow || end === null) return
  while (!ended) {
    // Checked before reading the journal, so that the last lines of a process are read even if it has ended.
    const isHeld = isHeldRun(directory)
    const next = await eventsSince(file, end)
    next.events.forEach(print)
    ended = next.events.at(-1)?.event === 'run.finished'
    end = next.end
    if (!ended && !isHeld) {
      writeError(`the process of this run is gone. Continue with: ${resumeCommand(directory)}\n`)
      return
    }
    if (!ended) await sleep(pollMilliseconds)
  }
}
