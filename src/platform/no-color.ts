import chalk from 'chalk'

/**
 * Takes colours away where the user wants none: NO_COLOR set to anything but nothing (https://no-color.org), which chalk
 * does not look at. It goes before FORCE_COLOR.
 */
export function obeyNoColor(env: Readonly<Record<string, string | undefined>>): void {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') chalk.level = 0
}
