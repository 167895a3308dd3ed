import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import type { JournalEvent } from '../journal/journal-event.js'
import { isHeldRun } from '../journal/run-directory.js'
import { eventsSince, lastEvents } from '../journal/tail-journal.js'
import { resumeCommand } from '../platform/shell.js'
import { visibleJson } from '../platform/visible-text.js'
import { describeJournalEvent, isDescribed } from '../reports/journal-line.js'
import { journalOf } from '../results/status/run-status.js'
import { positiveInteger, userPath } from './options.js'
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
    .description('the last trials of a run, a line each, and new ones as they finish')
    .argument('<dir>', 'a run directory, such as results/quick-20260131-154500', userPath)
    .option('-n, --lines <n>', 'how many', positiveInteger, 10)
    .option('-f, --follow', 'go on with what comes, until the run ends')
    .option('--json', 'the events as the journal has them, a JSON object a line')
    .addHelpText(
      'after',
      `
It only reads. As with tail, without -f it ends at once; with -f it ends when the run does, or with Ctrl-C.

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
      writeError(`no process works on it any more. Go on with: ${resumeCommand(directory)}\n`)
      return
    }
    if (!ended) await sleep(pollMilliseconds)
  }
}
