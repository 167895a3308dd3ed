/* What a journal on disk says of a run that was killed. */
import { existsSync, readFileSync } from 'node:fs'

/** The bytes up to the end of the last complete line, as text. */
export function completeText(file) {
  if (!existsSync(file)) return ''
  const text = readFileSync(file, 'utf8')
  return text.slice(0, text.lastIndexOf('\n') + 1)
}

export function eventsOf(text) {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
}

/**
 * What the run was about when it was killed.
 *
 * @param earlier the complete lines that were there when the session began.
 * @param arms names of the arms and how many trials and finalists each has.
 */
export function phaseOf(earlier, text, arms) {
  const events = eventsOf(text)
  if (earlier.includes('"event":"run.finished"')) return 'resume of an ended run'
  if (text === earlier) return earlier === '' ? 'start-up' : 'start-up of a resume'
  for (const { name, trials, finalists, calibrates, tests } of arms) {
    const count = (kind) => events.filter(({ event, arm }) => event === kind && arm === name).length
    if (count('arm.finished') > 0) continue
    if (calibrates && count('calibration.finished') === 0) return 'calibration'
    if (count('trial.finished') < trials) return 'trials'
    if (count('finalist.finished') < finalists) return 'finalists'
    if (tests && count('test.finished') < trials) return 'tests'
    return 'end of an arm'
  }
  return events.at(-1).event === 'run.finished' ? 'report' : 'summary'
}

/** Trials, finalists, tests and calibrations that are recorded more than once: there must be none. */
export function doubled(text) {
  const seen = new Set()
  return eventsOf(text).flatMap(({ event, arm, trial }) => {
    if (!/^(?:(?:trial|finalist|test|calibration|arm)\.finished|run\.started)$/.test(event)) return []
    const what = [event, arm, trial].filter((part) => part !== undefined).join(' ')
    if (seen.has(what)) return [what]
    seen.add(what)
    return []
  })
}

/** All that a run found, without what is measured in seconds; the order in which trials finished does not matter. */
export function tableOf(text) {
  const withoutSeconds = (key, value) => (key === 'computeSeconds' || key === 'wallSeconds' ? undefined : value)
  return eventsOf(text)
    .filter(({ event }) => /^(?:trial|finalist|test|calibration|arm)\.finished$/.test(event))
    .map((event) => JSON.stringify(event, withoutSeconds))
    .sort()
}
