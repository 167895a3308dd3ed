import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, chownSync, cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { copyPackage } from '../../support/package-copy.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

/** What a process of an installation printed and chose. */
export interface Choice {
  readonly name?: string
  readonly warning?: string | null
  readonly error?: string
  /** Lines that were told while choosing. */
  readonly told: readonly string[]
}

/** A user who owns nothing, for processes that must not be allowed everything. */
const nobody = 65534

/**
 * An installed package without an addon, and a stand-in for the compiler: a shell script that writes down its calls and
 * links by copying the addon of this repository.
 */
export class Installation {
  readonly #top = temporaryFolder('installation')
  readonly root = path.join(this.#top, 'package')
  readonly cache = path.join(this.#top, 'cache')
  readonly #compiler = path.join(this.#top, 'c++')
  readonly #log = path.join(this.#top, 'compiler.log')
  /** Root may write everywhere, so its installations are used by somebody else. */
  readonly #user = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {}

  constructor() {
    copyPackage(this.root)
    for (const part of ['native', 'scripts/build-native.mjs', 'scripts/compile-cpp.mjs', 'search-configs/quick.yaml'])
      cpSync(part, path.join(this.root, part), { recursive: true })
    writeFileSync(this.#log, '')
    chmodSync(this.#top, 0o777)
    chmodSync(this.#log, 0o666)
    if (this.#user.uid !== undefined) chownSync(this.root, nobody, nobody)
  }

  /** Commands that the compiler runs before it links; its first line of version. */
  setCompiler(beforeLinking = ':', version = 'stand-in 1'): void {
    const lines = [
      '#!/bin/sh',
      'for last; do :; done',
      `if [ "$last" = --version ]; then echo '${version}'; exit; fi`,
      'case "$*" in',
      `*-shared*) echo link >>'${this.#log}'; ${beforeLinking}; cp '${path.resolve('build/native/fear_nas.node')}' "$last" ;;`,
      `*) echo >"$last" ;;`,
      'esac',
      '',
    ]
    writeFileSync(this.#compiler, lines.join('\n'))
    chmodSync(this.#compiler, 0o755)
  }

  /** How often the compiler was asked to link. */
  links(): number {
    return readFileSync(this.#log, 'utf8')
      .split('\n')
      .filter((line) => line === 'link').length
  }

  get packagedAddon(): string {
    return path.join(this.root, 'build', 'native', 'fear_nas.node')
  }

  hasPackagedAddon(): boolean {
    return existsSync(this.packagedAddon)
  }

  /** Starts a process that runs a module of the installation. */
  start(program: string, environment: Readonly<Record<string, string>> = {}): ChildProcess {
    return this.run(['--input-type=module', '-e', program], environment)
  }

  /** Starts Node in a process group of its own, in the folder of the installation. */
  run(args: readonly string[], environment: Readonly<Record<string, string>> = {}): ChildProcess {
    return spawn(process.execPath, args, {
      cwd: this.root,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        FEAR_NAS_NO_BUILD: '',
        FEAR_NAS_CACHE: this.cache,
        CUDA_VISIBLE_DEVICES: '',
        CXX: this.#compiler,
        ...environment,
      },
      ...this.#user,
    })
  }

  /** What `chooseEngine` does in a process of its own. */
  async choose(wanted: string, environment: Readonly<Record<string, string>> = {}): Promise<Choice> {
    return JSON.parse(await outputOf(this.start(choosing(wanted), environment))) as Choice
  }
}

/** A program that chooses an engine. */
export function choosing(wanted: string): string {
  return `
    import { chooseEngine } from './dist/engines/choose-engine.js'
    const told = []
    const choice = await chooseEngine('${wanted}', { tell: (line) => told.push(line) }).then(
      ({ engine, warning }) => ({ name: engine.name, warning }),
      (error) => ({ error: error.message }),
    )
    console.log(JSON.stringify({ ...choice, told }))`
}

/** The standard output of a process that must succeed and say nothing else. */
export async function outputOf(child: ChildProcess): Promise<string> {
  const { code, output, errors } = await endOf(child)
  if (code !== 0 || errors !== '') throw new Error(`the process ended with ${code}: ${output}${errors}`)
  return output
}

/** How a process ended, and what it printed. */
export async function endOf(child: ChildProcess): Promise<{ code: unknown; output: string; errors: string }> {
  let [output, errors] = ['', '']
  child.stdout?.on('data', (text) => {
    output += text
  })
  child.stderr?.on('data', (text) => {
    errors += text
  })
  const code = await new Promise((resolve) => child.once('close', resolve))
  return { code, output, errors }
}
