import { spawnSync } from 'node:child_process'

/**
 * The first line that the C++ compiler says of itself: that of `$CXX`, or else the first of c++, g++ and clang++ that
 * answers, as scripts/build-native.mjs takes it. null if none does.
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
