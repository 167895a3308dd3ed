import { pathWord, resumeCommand } from './shell.js'

/**
 * A text in the words of the library and in those of the command line: the option `directory` of the one is the flag `--out`
 * of the other. As a string it is the library's.
 */
export class Wording {
  readonly library: string
  readonly commandLine: string

  constructor(library: string, commandLine: string) {
    this.library = library
    this.commandLine = commandLine
  }

  toString(): string {
    return this.library
  }
}

type Part = string | number | Wording

/** @example either('the option directory', '--out') */
export function either(library: string, commandLine: string): Wording {
  return new Wording(library, commandLine)
}

/** A template whose parts may be wordings. @example worded`Name another folder with ${either('directory', '--out')}.` */
export function worded(texts: TemplateStringsArray, ...parts: readonly Part[]): Wording {
  return joined(
    texts.flatMap((text, i): readonly Part[] => [text, parts[i] ?? '']),
    '',
  )
}

export function joined(parts: readonly Part[], separator: string): Wording {
  const side = (of: 'library' | 'commandLine'): string =>
    parts.map((part) => (part instanceof Wording ? part[of] : String(part))).join(separator)
  return new Wording(side('library'), side('commandLine'))
}

/** Options of `resume`. */
export interface ResumeWords {
  readonly config?: string | undefined
  readonly add?: readonly string[] | undefined
  readonly allowOtherDevice?: boolean | undefined
  readonly allowCode?: boolean | undefined
}

/** How the run in a directory is resumed: a call, or a command that is ready to paste. */
export function resuming(directory: string, options: ResumeWords = {}): Wording {
  const { add = [], allowCode = false, allowOtherDevice = false, config } = options
  const given = {
    ...(config !== undefined && { config }),
    ...(add.length > 0 && { add }),
    ...(allowOtherDevice && { allowOtherDevice }),
    ...(allowCode && { allowCode }),
  }
  const listed = Object.entries(given).map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
  const second = listed.length === 0 ? '' : `, { ${listed.join(', ')} }`
  return either(
    `resume(${JSON.stringify(directory)}${second})`,
    resumeCommand(directory, [
      ...(config === undefined ? [] : ['--config', config]),
      ...add.flatMap((text) => ['--add', text]),
      ...(allowOtherDevice ? ['--allow-other-device'] : []),
      ...(allowCode ? ['--allow-code'] : []),
    ]),
  )
}

/** Where a run is kept, by name. @param directory absent: any other */
export function placing(directory?: string): Wording {
  if (directory === undefined) return either('the option directory', '--out')
  return either(`the option directory ${JSON.stringify(directory)}`, `--out ${pathWord(directory)}`)
}

/** How a training that ended early is continued. */
export function trainingAgain(directory: string): Wording {
  return either('call train again with the same arguments', resumeCommand(directory))
}
