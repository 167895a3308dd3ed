#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { FearNasError } from '../platform/errors.js'
import { obeyNoColor } from '../platform/no-color.js'
import { packageVersion } from '../platform/package-version.js'
import { writeError, writeOut } from './output.js'
import { leaveClosedTerminals } from './terminal.js'

obeyNoColor(process.env)

/** In the order of the help. What a command needs is loaded when it is named: the engines are none of `status`'s business. */
const commands: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  compare: async () => (await import('./compare.js')).addCompareCommand,
  search: async () => (await import('./search.js')).addSearchCommand,
  rank: async () => (await import('./rank.js')).addRankCommand,
  simulate: async () => (await import('./simulate.js')).addSimulateCommand,
  score: async () => (await import('./score.js')).addScoreCommand,
  report: async () => (await import('./report.js')).addReportCommand,
  resume: async () => (await import('./resume.js')).addResumeCommand,
  status: async () => (await import('./status.js')).addStatusCommand,
  tail: async () => (await import('./tail.js')).addTailCommand,
  list: async () => (await import('./list.js')).addListCommand,
  doctor: async () => (await import('./doctor.js')).addDoctorCommand,
  data: async () => (await import('./data.js')).addDataCommand,
  bench: async () => (await import('./bench.js')).addBenchCommand,
  space: async () => (await import('./space.js')).addSpaceCommand,
  config: async () => (await import('./config.js')).addConfigCommand,
}

const program = new Command('fear-nas')
  .description('Neural architecture search that ordinary people can run and believe.')
  .version(packageVersion())
  .exitOverride()
  .configureOutput({ writeOut, writeErr: writeError })
  .configureHelp({ showGlobalOptions: true })
  .addHelpText(
    'after',
    `
Examples:
  fear-nas compare search-configs/quick.yaml          FEAR against full training, 3 minutes
  fear-nas search search-configs/fashion.yaml         one search
  fear-nas status results/quick-20260131-154500       how a run stands, from another terminal
  fear-nas doctor                                     which engines load here, and how fast they are
  fear-nas bench step --channels 16                   how long a training step takes

Exit codes: 0 done, also when Ctrl-C let running trials finish; 1 the work failed; 2 the input is at fault and nothing
was done; 130 Ctrl-C was pressed twice.`,
  )

const named = Object.keys(commands).filter((name) => name === process.argv[2])
for (const name of named.length > 0 ? named : Object.keys(commands)) (await commands[name]?.())?.(program)

/** What goes on when nobody reads its output any more: its files are what counts. */
const isRun = ['compare', 'search', 'rank', 'resume'].includes(process.argv[2] ?? '')

process.on('exit', leaveClosedTerminals)

// Whoever reads the output may stop early, as `head` does; and a log may lie on a full disk.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (isRun) return
    // The reader has gone, or the terminal has.
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error
    process.exit()
  })
}

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = report(error)
}

/** Prints an error as its kind deserves and gives the exit code. */
function report(error: unknown): number {
  // Commander has printed its own message; help and version end here too, with code 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (error instanceof FearNasError) {
    writeError(`${error.message}\n`)
    return error.exitCode
  }
  const refusal = systemRefusal(error)
  if (refusal !== null) {
    writeError(`${refusal}\n`)
    return 1
  }
  writeError(`This is a bug in fear-nas; please report it.\n${error instanceof Error ? error.stack : String(error)}\n`)
  return 1
}

/** A file outside a run that the system would not have written; null for any other error. */
function systemRefusal(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null
  switch (error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return `${error.message}. The disk is full: make room, and give the command again.`
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `${error.message}. Change the permissions, and give the command again.`
    default:
      return null
  }
}
