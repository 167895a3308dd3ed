import chalk, { chalkStderr } from 'chalk'
import { visibleOutput, visibleText } from '../platform/visible-text.js'

/*
 * The only place where the command line writes output. Text from files, paths and messages may contain control
 * characters; only this program's own colours reach a terminal.
 */

/** To standard output. */
export function writeOut(text: string): void {
  process.stdout.write(forTerminal(text, chalk.level > 0))
}

/** To standard error. */
export function writeError(text: string): void {
  process.stderr.write(forTerminal(text, chalkStderr.level > 0 || chalk.level > 0))
}

function forTerminal(text: string, hasColours: boolean): string {
  return hasColours ? visibleOutput(text) : visibleText(text)
}
