// Serves the page, the modules that it is made of, and the live stream.
// Usage: node server.js PORT MODULES STREAM, where the last two are folders.
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import { dirname, extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.m3u8': 'application/vnd.apple.mpegurl',
  '.ts': 'video/mp2t'
}
const PAGE = ['/index.html', '/player.js']

const [port, modules, stream] = process.argv.slice(2)
const here = dirname(fileURLToPath(import.meta.url))

// Returns the file that a path stands for, or nothing.
function fileOf (path) {
  if (path === '/') {
    return join(here, 'index.html')
  }
  if (PAGE.includes(path)) {
    return join(here, path)
  }
  const [, folder, rest] = /^\/(modules|live)(\/.*)$/.exec(path) ?? []
  // A normal path that begins with a slash does not lead out of where it begins.
  return folder && join(folder === 'live' ? stream : modules, normalize(rest))
}

async function answer (request, response) {
  const path = decodeURIComponent(new URL(request.url, 'http://page').pathname)
  const file = fileOf(path)
  const found = file && TYPES[extname(file)] && (await stat(file)).isFile()
  if (!found || (request.method !== 'GET' && request.method !== 'HEAD')) {
    throw new Error('not served')
  }
  response.setHeader('Content-Type', TYPES[extname(file)])
  response.setHeader('Cache-Control', 'no-store')
  if (request.method === 'HEAD') {
    response.end()
  } else {
    createReadStream(file).on('error', () => response.destroy()).pipe(response)
  }
}

const server = createServer((request, response) => {
  answer(request, response).catch(() => {
    response.statusCode = 404
    response.end()
  })
})
server.listen(Number(port), '127.0.0.1')
