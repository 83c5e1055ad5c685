// A browser, and viewers in it who know nothing of each other. Each line of the input is a task in
// JSON, and each is answered by a line. All end with the input.
// Usage: node viewers.js CHROMIUM
import { createInterface } from 'node:readline'
import puppeteer from 'puppeteer-core'

const browser = await puppeteer.launch({
  executablePath: process.argv[2],
  headless: true,
  // The browser ends with the pipe, and so with this process, however that ends.
  pipe: true,
  defaultViewport: { width: 480, height: 480 },
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--mute-audio',
    '--autoplay-policy=no-user-gesture-required',
    '--allow-loopback-in-peer-connection'
  ]
})
const pages = new Map()

// Runs in the page before its own scripts: of the peer connections' candidates only those of
// loopback are told, so that no packet is meant for elsewhere, and announces are noted.
function keepToLoopback () {
  const send = WebSocket.prototype.send
  const announced = new Map()
  const candidates = { told: 0 }
  const isElsewhere = line =>
    line.startsWith('a=candidate:') && !/^(127\.|::1$)/.test(line.split(' ')[4])
  const keep = description => {
    const lines = description.sdp.split('\r\n').filter(line => !isElsewhere(line))
    candidates.told += lines.filter(line => line.startsWith('a=candidate:')).length
    description.sdp = lines.join('\r\n')
  }
  WebSocket.prototype.send = function (data) {
    const message = JSON.parse(typeof data === 'string' ? data : new TextDecoder().decode(data))
    if (message.action === 'announce' && !message.answer) {
      announced.set(message.info_hash, performance.now())
    }
    message.offers?.forEach(it => keep(it.offer))
    if (message.answer) {
      keep(message.answer)
    }
    send.call(this, JSON.stringify(message))
  }
  window.seenBySocket = () => ({
    swarms: [...announced.keys()],
    silentMs: [...announced.values()].map(at => Math.round(performance.now() - at)),
    candidates: candidates.told
  })
}

const tasks = {
  async open ({ name, url }) {
    const context = await browser.createBrowserContext()
    // Without it pages do not learn the machine's own addresses. Nothing is recorded.
    await context.overridePermissions(new URL(url).origin, ['microphone', 'camera'])
    const page = await context.newPage()
    page.on('pageerror', error => console.error(`${name}: ${error}`))
    page.on('console', message => console.error(`${name}: ${message.text()}`))
    await page.evaluateOnNewDocument(keepToLoopback)
    await page.goto(url, { waitUntil: 'domcontentloaded' })
    pages.set(name, page)
  },

  async look ({ name }) {
    return pages.get(name).evaluate(() => {
      const element = id => document.getElementById(id)
      return {
        fromPeers: Number(element('from-peers').value),
        fromServer: Number(element('from-server').value),
        picturePeers: Number(element('picture-peers').textContent),
        soundPeers: Number(element('sound-peers').textContent),
        height: element('video').videoHeight,
        seconds: element('video').currentTime,
        notice: element('notice').textContent,
        ...window.seenBySocket()
      }
    })
  },

  async choose ({ name, quality }) {
    await pages.get(name).select('#quality', quality)
  },

  async closeAll () {
    await Promise.all([...pages.values()].map(page => page.browserContext().close()))
    pages.clear()
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const task = JSON.parse(line)
  try {
    const answer = await tasks[task.do](task)
    console.log(JSON.stringify(answer ?? {}))
  } catch (error) {
    console.log(JSON.stringify({ error: String(error) }))
  }
}
await browser.close()
