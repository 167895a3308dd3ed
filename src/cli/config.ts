import type { Command } from 'commander'
import { stringify } from 'yaml'
import { configJsonSchema } from '../config/json-schema.js'
import { loadConfig } from '../config/load-config.js'
import { visibleJson } from '../platform/visible-text.js'
import { collect, pathArgument, printNote } from './options.js'
import { writeOut } from './output.js'

export function addConfigCommand(program: Command): void {
  const config = program.command('config').description('print configurations and their schema')
  config
    .command('show')
    .description('print a configuration with all defaults')
    .argument('<file>', 'a YAML configuration', pathArgument)
    .option('--set <path=value>', 'override a setting (repeatable)', collect, [])
    .action((file: string, options: { set: string[] }) => {
      writeOut(stringify(loadConfig(file, options.set, printNote)))
    })
  config
    .command('schema')
    .description('print the JSON Schema of configuration files')
    .action(() => {
      writeOut(`${visibleJson(configJsonSchema(), 2)}\n`)
    })
}
