#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { FearNasError } from '../platform/errors.js'
import { obeyNoColor } from '../platform/no-color.js'
import { packageVersion } from '../platform/package-version.js'
import { reportLostOutput, watchOutput } from './lost-output.js'
import { writeError, writeOut } from './output.js'
import { systemRefusal } from './system-errors.js'
import { leaveClosedTerminals } from './terminal.js'

obeyNoColor(process.env)

/**
 * In the order of the help. Each command is loaded only when used, so that `status`, for example, does not load
 * engines.
 */
const commands: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  compare: async () => (await import('./compare.js')).addCompareCommand,
  search: async () => (await import('./search.js')).addSearchCommand,
  rank: async () => (await import('./rank.js')).addRankCommand,
  simulate: async () => (await import('./simulate.js')).addSimulateCommand,
  train: async () => (await import('./train.js')).addTrainCommand,
  score: async () => (await import('./score.js')).addScoreCommand,
  export: async () => (await import('./export.js')).addExportCommand,
  predict: async () => (await import('./predict.js')).addPredictCommand,
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
  .description('Neural architecture search on your own computer: random search with FEAR, compared with full training.')
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
  fear-nas train results/quick-20260131-154500        train its best network in full
  fear-nas status results/quick-20260131-154500       progress of a run, from another terminal
  fear-nas doctor                                     which engines load here, and their speed
  fear-nas bench step --channels 16                   time a training step

Exit codes: 0 done, or stopped by one Ctrl-C; 1 the run failed; 2 wrong input, nothing
was done; 130 Ctrl-C was pressed twice.`,
  )

/** Commands that continue if their output is no longer read. */
const isRun = ['compare', 'search', 'rank', 'resume', 'train'].includes(process.argv[2] ?? '')
watchOutput(isRun)

process.on('exit', leaveClosedTerminals)

/** Whether the commands are loaded; before that nothing was done. */
let hasBegun = false

// An error outside any promise, such as that of a worker that could not start.
process.on('uncaughtException', (error) => process.exit(report(error)))

try {
  const named = Object.keys(commands).filter((name) => name === process.argv[2])
  for (const name of named.length > 0 ? named : Object.keys(commands)) (await commands[name]?.())?.(program)
  hasBegun = true
  await program.parseAsync()
} catch (error) {
  process.exitCode = report(error)
}
process.on('exit', reportLostOutput)

/** Prints an error according to its kind and returns the exit code. */
function report(error: unknown): number {
  // Commander has printed its own message; help and version end here too, with code 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (error instanceof FearNasError) {
    writeError(`${error.commandLineMessage}\n`)
    return error.exitCode
  }
  const refusal = systemRefusal(error, hasBegun)
  if (refusal !== null) {
    writeError(`${refusal.message}\n`)
    return refusal.exitCode
  }
  writeError(`This is a bug in fear-nas; please report it.\n${error instanceof Error ? error.stack : String(error)}\n`)
  return 1
}
