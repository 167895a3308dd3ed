import { spawnSync } from 'node:child_process'

/**
 * The version line of the C++ compiler: `$CXX`, or the first of c++, g++ and clang++ that works, as in
 * scripts/build-native.mjs. Null if there is none.
 */
export function findCompiler(env: NodeJS.ProcessEnv = process.env): string | null {
  for (const command of env.CXX ? [env.CXX] : ['c++', 'g++', 'clang++']) {
    // $CXX may carry arguments, as in `ccache g++`.
    const [program = '', ...args] = command.split(/\s+/).filter((part) => part !== '')
    const { status, stdout } = spawnSync(program, [...args, '--version'], { encoding: 'utf8', env })
    if (status === 0) return stdout.split('\n', 1)[0] ?? command
  }
  return null
}
