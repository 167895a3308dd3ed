import chalk from 'chalk'

/**
 * Disables colours if NO_COLOR is set and not empty (https://no-color.org), which chalk ignores. Takes precedence over
 * FORCE_COLOR.
 */
export function obeyNoColor(env: Readonly<Record<string, string | undefined>>): void {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') chalk.level = 0
}
