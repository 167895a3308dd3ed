import path from 'node:path'
import type { Command } from 'commander'
import { holdsTraining } from '../journal/training-directory.js'
import { RunDirectoryError } from '../platform/errors.js'
import { writeFileAtomic } from '../platform/files.js'
import { makeDirectory } from '../platform/make-directory.js'
import { FileKindError } from '../platform/plain-file.js'
import type { Chart } from '../reports/charts/chart.js'
import { learningCurve } from '../reports/charts/learning-curve.js'
import { chartsOf } from '../reports/charts/registry.js'
import { renderStandalone } from '../reports/charts/render.js'
import { networkReport } from '../reports/html/network-report.js'
import { renderReport } from '../reports/html/report.js'
import { readMetrics, readMistakes } from '../results/read-metrics.js'
import { readRecordedRun } from '../results/recorded-run.js'
import { pathArgument } from './options.js'
import { writeOut } from './output.js'

interface ReportOptions {
  readonly out?: string
  readonly charts?: string
}

export function addReportCommand(program: Command): void {
  program
    .command('report')
    .description('draw the report of a run or a trained network again, or its charts as SVG files')
    .argument('<dir>', 'a run directory, such as results/quick-20260131-154500', pathArgument)
    .option('--out <file>', 'the report (default: report.html in the run directory)', pathArgument)
    .option(
      '--charts <folder>',
      'write the charts as SVG files into this folder; no report unless --out is given',
      pathArgument,
    )
    .addHelpText(
      'after',
      `
compare, search, rank and train write report.html themselves. The journal may be compressed as journal.jsonl.gz.

Examples:
  fear-nas report results/quick-20260131-154500
  fear-nas report results/quick-20260131-154500 --out quick.html
  fear-nas report results/quick-20260131-154500 --charts docs/quick`,
    )
    .action(async (directory: string, { out, charts }: ReportOptions) => {
      const drawn = holdsTraining(directory) ? drawnNetwork(directory) : await drawnRun(directory)
      if (charts !== undefined) {
        for (const chart of drawn.charts()) {
          write(path.join(charts, `${chart.name}.svg`), await renderStandalone(chart))
        }
      }
      if (charts === undefined || out !== undefined) {
        write(out ?? path.join(directory, 'report.html'), await drawn.page())
      }
    })
}

interface Drawn {
  charts(): readonly Chart[]
  page(): Promise<string>
}

async function drawnRun(directory: string): Promise<Drawn> {
  const run = await readRecordedRun(directory)
  return { charts: () => chartsOf(run), page: () => renderReport(run) }
}

function drawnNetwork(directory: string): Drawn {
  const metrics = readMetrics(directory)
  return {
    charts: () => [learningCurve(metrics)],
    page: async () => networkReport({ metrics, mistakes: readMistakes(directory) }),
  }
}

/** @throws RunDirectoryError if the file cannot be written. */
function write(file: string, text: string): void {
  try {
    makeDirectory(path.dirname(file))
    writeFileAtomic(file, text)
  } catch (error) {
    if (error instanceof FileKindError) throw error
    throw new RunDirectoryError(`${file} cannot be written (${(error as Error).message}). Choose another location.`, {
      cause: error,
    })
  }
  writeOut(`${file}\n`)
}
