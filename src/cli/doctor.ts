import type { Command } from 'commander'
import { type EngineProbe, probeEngines } from '../engines/choose-engine.js'
import { systemClock } from '../platform/clock.js'
import { cacheFolder } from '../platform/files.js'
import { describeHardware, type Hardware } from '../platform/hardware.js'
import { printJson } from './options.js'

export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('say which engines load on this machine, and why the others do not')
    .option('--json', 'print JSON')
    .action(async (options: { readonly json?: true }) => {
      const hardware = describeHardware()
      const engines = await probeEngines(systemClock)
      const chosen = engines.find((probe) => probe.ok)?.name ?? null
      const cache = cacheFolder(process.env)
      if (options.json) return printJson({ hardware, engines, chosen, cache })
      process.stdout.write(
        [
          machineLine(hardware),
          ...engines.map(engineLine),
          `engine: auto takes ${chosen ?? 'none: nothing can be trained here'}`,
          `decoded data sets are kept in ${cache}`,
          '',
        ].join('\n'),
      )
    })
}

function machineLine({ cpu, physicalCores, memoryBytes, platform, node }: Hardware): string {
  const gigabytes = (memoryBytes / 2 ** 30).toFixed(0)
  return `${cpu}, ${physicalCores} cores, ${gigabytes} GiB, ${platform}, Node ${node}`
}

function engineLine({ name, ok, info, reason, loadMilliseconds }: EngineProbe): string {
  if (!ok || info === null) return `  ${name}: does not load: ${reason}`
  const threads = Number.isFinite(info.maxThreads) ? `at most ${info.maxThreads} threads` : 'any number of threads'
  return `  ${name}: loads in ${loadMilliseconds.toFixed(0)} ms, version ${info.version}, ${info.device}, ${threads}`
}
