// Serves the page and a network on this computer: node serve.mjs MODEL [--port N]
// MODEL is the folder that `fear-nas export RUN --format tfjs --out MODEL` wrote. `--write SITE` writes the files into a folder
// instead, for any web server.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const types = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.bin': 'application/octet-stream',
}

/**
 * All files that there are, by their address: nothing else can be asked for.
 *
 * @param {string} model
 */
function filesOf(model) {
  const page = fileURLToPath(new URL('.', import.meta.url))
  const fearNas = fileURLToPath(import.meta.resolve('fear-nas'))
  const find = createRequire(fearNas)
  const own = (/** @type {string} */ name) => path.join(page, name)
  const dataset = (/** @type {string} */ name) => path.join(path.dirname(fearNas), 'datasets', name)
  const tensorflow = (/** @type {string} */ part) =>
    find.resolve(`@tensorflow/tfjs-${part}/dist/tf-${part}.es2017.min.js`)
  return new Map(
    Object.entries({
      'index.html': own('index.html'),
      'style.css': own('style.css'),
      'page.mjs': own('page.mjs'),
      'image.mjs': own('image.mjs'),
      'resample.js': dataset('resample.js'),
      // Imported by resample.js.
      'area-average.js': dataset('area-average.js'),
      'tensorflow/tf-core.js': tensorflow('core'),
      'tensorflow/tf-layers.js': tensorflow('layers'),
      'tensorflow/tf-backend-cpu.js': tensorflow('backend-cpu'),
      'model/model.json': path.join(model, 'model.json'),
      'model/weights.bin': path.join(model, 'weights.bin'),
    }),
  )
}

/**
 * @param {ReadonlyMap<string, string>} files
 * @param {number} port
 */
function serve(files, port) {
  const server = createServer(({ method, url = '/' }, response) => {
    const name = url.replace(/[?#].*$/s, '').slice(1) || 'index.html'
    const file = files.get(name)
    if (file === undefined) return response.writeHead(404).end('not found\n')
    if (method !== 'GET' && method !== 'HEAD') return response.writeHead(405, { Allow: 'GET, HEAD' }).end()
    try {
      const content = readFileSync(file)
      const type = types[/** @type {keyof typeof types} */ (path.extname(name))]
      const headers = { 'Content-Type': type, 'Cache-Control': 'no-cache', 'X-Content-Type-Options': 'nosniff' }
      response.writeHead(200, headers).end(method === 'HEAD' ? undefined : content)
    } catch {
      response.writeHead(404).end('not found\n')
    }
  })
  server.on('error', (/** @type {NodeJS.ErrnoException} */ { code, message }) => {
    console.error(code === 'EADDRINUSE' ? `Port ${port} is in use. Take another one with --port.` : message)
    process.exitCode = 1
  })
  // Only programs on this computer can connect.
  server.listen(port, '127.0.0.1', () => {
    const address = /** @type {import('node:net').AddressInfo} */ (server.address())
    console.log(`http://127.0.0.1:${address.port}/ shows the page; Ctrl+C ends it.`)
  })
}

/**
 * @param {ReadonlyMap<string, string>} files
 * @param {string} site
 */
function write(files, site) {
  for (const [name, file] of files) {
    const target = path.join(site, name)
    mkdirSync(path.dirname(target), { recursive: true })
    writeFileSync(target, readFileSync(file))
  }
  console.log(`${site}: ${files.size} files`)
}

/** @returns {string | null} what is wrong */
function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { port: { type: 'string', default: '8080' }, write: { type: 'string' } },
  })
  const [model] = positionals
  if (model === undefined || positionals.length > 1) return 'Name one folder: node serve.mjs MODEL'
  const port = Number(values.port)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) return `--port ${values.port} is not a number of 0 to 65535`
  if (!existsSync(path.join(model, 'model.json'))) {
    return `${model} holds no model.json. Make one with: fear-nas export RUN --format tfjs --out ${model}`
  }
  if (values.write === undefined) serve(filesOf(model), port)
  else write(filesOf(model), values.write)
  return null
}

try {
  const wrong = main()
  if (wrong !== null) {
    console.error(wrong)
    process.exitCode = 2
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 2
}
