import { existsSync } from 'node:fs'
import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { addBenchCommand } from '../../src/cli/bench.js'
import { addCompareCommand } from '../../src/cli/compare.js'
import { addConfigCommand } from '../../src/cli/config.js'
import { addDataCommand } from '../../src/cli/data.js'
import { addDoctorCommand } from '../../src/cli/doctor.js'
import { addExportCommand } from '../../src/cli/export.js'
import { addListCommand } from '../../src/cli/list.js'
import { addPredictCommand } from '../../src/cli/predict.js'
import { addRankCommand } from '../../src/cli/rank.js'
import { addReportCommand } from '../../src/cli/report.js'
import { addResumeCommand } from '../../src/cli/resume.js'
import { addScoreCommand } from '../../src/cli/score.js'
import { addSearchCommand } from '../../src/cli/search.js'
import { addSimulateCommand } from '../../src/cli/simulate.js'
import { addSpaceCommand } from '../../src/cli/space.js'
import { addStatusCommand } from '../../src/cli/status.js'
import { addTailCommand } from '../../src/cli/tail.js'
import { addTrainCommand } from '../../src/cli/train.js'
import { loadConfig } from '../../src/config/load-config.js'

const adders = [
  ...[
    addBenchCommand,
    addCompareCommand,
    addConfigCommand,
    addDataCommand,
    addDoctorCommand,
    addExportCommand,
    addListCommand,
  ],
  ...[
    addPredictCommand,
    addRankCommand,
    addReportCommand,
    addResumeCommand,
    addScoreCommand,
    addSearchCommand,
    addSimulateCommand,
  ],
  ...[addSpaceCommand, addStatusCommand, addTailCommand, addTrainCommand],
]

/** The program without what its commands do. */
function programOf(): Command {
  const program = new Command('fear-nas').exitOverride()
  for (const add of adders) add(program)
  return program
}

/** Every command of the program and of its commands. */
function commandsOf(command: Command): readonly Command[] {
  return command.commands.flatMap((inner) => [inner, ...commandsOf(inner)])
}

function helpOf(command: Command): string {
  let text = ''
  command.configureOutput({ writeOut: (part) => (text += part) }).outputHelp()
  return text
}

/** The examples of all help texts, as words; what follows two blanks or a pipe is no part of the command. */
const examples = commandsOf(programOf())
  .flatMap((command) => helpOf(command).split('\n'))
  .filter((line) => /^ {2}fear-nas /.test(line))
  .map((line) => line.trim().split(/ {3,}| [|>] /)[0] ?? '')
  .map((line) => [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map((word) => word[1] ?? word[2] ?? word[3] ?? ''))
  .map((words) => words.slice(1))

describe('the examples of --help', () => {
  it('are there', () => expect(examples.length).toBeGreaterThan(30))

  it.each(examples.map((words) => [words.join(' '), words]))(
    'fear-nas %s is a command with known options',
    (_, words) => {
      const program = programOf()
      for (const command of commandsOf(program)) {
        command.exitOverride().configureOutput({ writeErr: () => {} })
        command.action(() => {})
      }
      program.parse(words as string[], { from: 'user' })
    },
  )

  it.each(
    examples
      .filter((words) => words.some((word) => existsSync(word) && word.endsWith('.yaml')))
      .map((words) => [words.join(' '), words]),
  )('fear-nas %s has a configuration that loads as it is changed', (_, all) => {
    const words = all as string[]
    const valuesOf = (option: string): readonly string[] =>
      words.flatMap((word, i) => (words[i - 1] === option ? [word] : []))
    const shortcuts = ['workers', 'engine', 'seed'].flatMap((name) =>
      valuesOf(`--${name}`).map((value) => `${name}=${value}`),
    )
    const file = words.find((word) => word.endsWith('.yaml')) ?? ''
    expect(loadConfig(file, [...valuesOf('--set'), ...shortcuts])).toHaveProperty('budget')
  })
})
