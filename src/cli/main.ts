#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { FearNasError } from '../platform/errors.js'
import { addBenchCommand } from './bench.js'
import { addCompareCommand } from './compare.js'
import { addConfigCommand } from './config.js'
import { addDoctorCommand } from './doctor.js'
import { addRankCommand } from './rank.js'
import { addReportCommand } from './report.js'
import { addResumeCommand } from './resume.js'
import { addScoreCommand } from './score.js'
import { addSearchCommand } from './search.js'
import { addSimulateCommand } from './simulate.js'
import { addSpaceCommand } from './space.js'

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string
}

const program = new Command('fear-nas')
  .description('Neural architecture search that ordinary people can run and believe.')
  .version(version)
  .exitOverride()
  .configureHelp({ showGlobalOptions: true })
  .addHelpText(
    'after',
    `
Examples:
  fear-nas compare search-configs/quick.yaml          FEAR against full training, 3 minutes
  fear-nas search search-configs/fashion.yaml         one search
  fear-nas doctor                                     which engines load here, and how fast they are
  fear-nas bench step --channels 16                   how long a training step takes

Exit codes: 0 done, 1 the work failed, 2 the input is at fault and nothing was done.`,
  )

addCompareCommand(program)
addSearchCommand(program)
addRankCommand(program)
addSimulateCommand(program)
addScoreCommand(program)
addReportCommand(program)
addResumeCommand(program)
addDoctorCommand(program)
addBenchCommand(program)
addSpaceCommand(program)
addConfigCommand(program)

// A reader that has gone (`| head`) or a log on a full disk is no reason to lose a run: its files are what counts.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

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
    process.stderr.write(`${error.message}\n`)
    return error.exitCode
  }
  const refusal = systemRefusal(error)
  if (refusal !== null) {
    process.stderr.write(`${refusal}\n`)
    return 1
  }
  process.stderr.write(
    `This is a bug in fear-nas; please report it.\n${error instanceof Error ? error.stack : String(error)}\n`,
  )
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
