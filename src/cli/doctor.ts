import path from 'node:path'
import type { Command } from 'commander'
import { estimateStep, type StepEstimate, standardStep } from '../benchmarks/engine-speed.js'
import { expectedSeconds } from '../benchmarks/expected-time.js'
import { loadConfig } from '../config/load-config.js'
import type { Config } from '../config/schema/config.js'
import { chooseEngine, type EngineProbe, probeEngines } from '../engines/choose-engine.js'
import { addonState } from '../engines/native/addon.js'
import { type AddonBuild, buildMissingAddon } from '../engines/native/build-addon.js'
import { loadEngine } from '../engines/registry.js'
import { type LibraryChoice, libraryFor } from '../engines/tfjs/gpu-library.js'
import { bytesText } from '../platform/bytes-text.js'
import { cacheFolder } from '../platform/cache-folder.js'
import { systemClock } from '../platform/clock.js'
import { findCompiler } from '../platform/compiler.js'
import { isClone, packageRoot } from '../platform/files.js'
import { describeHardware, type Hardware } from '../platform/hardware.js'
import { messageOf } from '../platform/message-of.js'
import { type NvidiaCard, nvidiaCards } from '../platform/nvidia.js'
import { pathWord } from '../platform/shell.js'
import { formatDuration } from '../reports/format.js'
import { printJson, printNote } from './options.js'
import { writeOut } from './output.js'

/** The measurements of an engine. All null if it does not load or fails at a training step. */
interface EngineReport extends EngineProbe {
  /** A training step of the standard cell, 8 channels, batch 128. */
  readonly step: StepEstimate | null
  /** Estimated time of search-configs/quick.yaml, both arms, on all cores. */
  readonly quickSeconds: number | null
  /** Why a training step fails in an engine that loads. */
  readonly failure: string | null
}

/** Maximum seconds for timing an engine, for each of two shapes. */
const limitSeconds = 1.5

export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('show which engines load on this machine, their speed, and why the others do not load')
    .option('--build', 'build the native engine now, also if that failed before')
    .option('--json', 'print JSON')
    .action(async (options: { readonly build?: true; readonly json?: true }) => {
      const build = options.build ? await buildMissingAddon({ tell: printNote, isForced: true }) : null
      if (build?.file === null) process.exitCode = 1
      const hardware = describeHardware()
      const nvidia = nvidiaCards()
      const cards = nvidia.cards.map((card) => ({ ...card, ...libraryFor(card) }))
      const machine = { hardware, compiler: findCompiler(), gpus: cards, gpuProblem: nvidia.problem }
      const quick = loadConfig(path.join(packageRoot(), 'search-configs', 'quick.yaml'))
      const engines: EngineReport[] = []
      for (const probe of await probeEngines(systemClock)) engines.push(await examine(probe, quick, hardware))
      const chosen = await chooseEngine('auto', { builds: false }).then(
        ({ engine }) => engine.name,
        () => null,
      )
      const cache = cacheFolder(process.env)
      const { file: addon, buildable } = addonState()
      if (options.json) return printJson({ ...machine, build, addon, buildable, engines, chosen, cache })
      writeOut(
        [
          machineLine(hardware),
          `C++ compiler: ${machine.compiler ?? 'none (the native engine cannot be built)'}`,
          ...gpuLines(cards, nvidia.problem),
          ...(build === null ? [] : [`native engine: ${buildText(build)}`]),
          ...engines.flatMap(engineLines),
          `engine: auto selects ${choiceText(chosen, buildable)}`,
          `decoded data sets are cached in ${cache}`,
          '',
        ].join('\n'),
      )
    })
}

function buildText(build: AddonBuild): string {
  if (build.file === null) return `not built: ${build.reason}`
  return build.isNew ? `built ${build.file} in ${build.seconds.toFixed(0)} s` : `is built already: ${build.file}`
}

/** The cards, and which library fits each. */
function gpuLines(cards: readonly (NvidiaCard & LibraryChoice)[], problem: string | null): readonly string[] {
  if (cards.length === 0) return [`NVIDIA GPU: none found${problem === null ? '' : ` (${problem})`}`]
  return cards.flatMap(({ name, computeCapability, cuda, driver, library, memoryMiB, reason }) => {
    const facts = [
      ...(computeCapability === null ? [] : [`compute capability ${computeCapability.toFixed(1)}`]),
      ...(driver === null ? [] : [`driver ${driver}${cuda === null ? '' : `, which runs CUDA up to ${cuda}`}`]),
      ...(memoryMiB === null ? [] : [bytesText(memoryMiB * 2 ** 20)]),
    ]
    const next = library === 'none' ? '' : ` Get it: ${libraryCommand(library)}`
    return [`NVIDIA GPU: ${[name, ...facts].join(', ')}`, `  ${reason}${next}`]
  })
}

/** How to get a library, from a clone or an installed package. */
function libraryCommand(library: 'package' | 'wheel'): string {
  if (isClone()) return 'make setup-tensorflow'
  if (library === 'package')
    return 'npm install @tensorflow/tfjs-node-gpu@4.22.0, whose install script must be allowed to run'
  return `bash ${pathWord(path.join(packageRoot(), 'scripts', 'tfjs-node-from-wheel.sh'))} --gpu`
}

/** `tensorflow` is selected only with a GPU, before `native`. */
function choiceText(chosen: string | null, willBuild: boolean): string {
  const now = chosen ?? 'none: nothing can be trained here'
  return willBuild && chosen !== 'tensorflow' ? `native, which the next run builds first (without it: ${now})` : now
}

/** Times an engine that loads. */
async function examine(probe: EngineProbe, quick: Config, { physicalCores }: Hardware): Promise<EngineReport> {
  if (!probe.ok) return { ...probe, step: null, quickSeconds: null, failure: null }
  try {
    const engine = await loadEngine(probe.name)
    const { data, training, budget, space, finalists } = quick
    const { channels = standardStep.channels, cells = standardStep.cells } = space
    const quickStep = { ...standardStep, channels, cells, batch: training.batch }
    const step = estimateStep(engine, standardStep, systemClock, limitSeconds)
    const { seconds } = estimateStep(engine, quickStep, systemClock, limitSeconds)
    const { epochs, batch } = training
    const plan = { trials: budget.trials ?? 0, trainImages: data.train, epochs, batch, finalists }
    const workers = Math.min(physicalCores, engine.info.maxThreads)
    return { ...probe, step, quickSeconds: expectedSeconds(plan, seconds, workers), failure: null }
  } catch (error) {
    return { ...probe, step: null, quickSeconds: null, failure: messageOf(error) }
  }
}

function machineLine({ cpu, physicalCores, memoryBytes, platform, node }: Hardware): string {
  return `${cpu}, ${physicalCores} cores, ${bytesText(memoryBytes)}, ${platform}, Node ${node}`
}

function engineLines(report: EngineReport): string[] {
  const { name, ok, info, reason, loadMilliseconds } = report
  if (!ok || info === null) return [`  ${name}: does not load: ${reason}`]
  const threads = Number.isFinite(info.maxThreads) ? `at most ${info.maxThreads} threads` : 'any number of threads'
  const device = info.gpu ? `on the GPU ${info.device}` : info.device
  return [
    `  ${name}: loads in ${loadMilliseconds.toFixed(0)} ms, version ${info.version}, ${device}, ${threads}`,
    `    ${speedLine(report)}`,
  ]
}

function speedLine({ step, quickSeconds, failure }: EngineReport): string {
  if (step === null || quickSeconds === null) return `but a training step fails: ${failure}`
  const { batch, channels } = standardStep
  const scaled = step.measuredBatch === batch ? '' : `, scaled from a batch of ${step.measuredBatch}`
  return (
    `${(1000 * step.seconds).toFixed(1)} ms per training step (${channels} channels, batch ${batch}, 28x28${scaled}), ` +
    `about ${formatDuration(quickSeconds)} for search-configs/quick.yaml`
  )
}
