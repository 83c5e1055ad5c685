// A browser with one page at a time, as an operator uses it. Each line of the input is a task in
// JSON, and each is answered by a line. All ends with the input.
// Usage: node operators.js CHROMIUM
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import puppeteer from 'puppeteer-core'

const browser = await puppeteer.launch({
  executablePath: process.argv[2],
  headless: true,
  pipe: true,
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage']
})
const axe = readFileSync(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8')
let page = null
let faults = []

const tasks = {
  /** Opens a page in a browser that knows nothing yet. */
  async open ({ url }) {
    await page?.browserContext().close()
    const context = await browser.createBrowserContext()
    page = await context.newPage()
    faults = []
    page.on('pageerror', error => faults.push(String(error)))
    page.on('console', message => {
      // Chromium reports each 404, and that a peer is gone is no fault.
      const expected = /status of 404/.test(message.text()) && message.location().url?.includes('/api/v1/peers/')
      if (!expected && (message.type() === 'error' || message.type() === 'warn')) {
        faults.push(message.text())
      }
    })
    await page.setViewport({ width: 1280, height: 900 })
    await page.goto(url, { waitUntil: 'load' })
  },

  async view ({ hash }) {
    await page.evaluate(it => { location.hash = it }, hash)
  },

  async text ({ selector }) {
    return { text: await page.$eval(selector, it => it.innerText) }
  },

  /** Waits until an element has a text in it. */
  async wait ({ selector, text }) {
    await page.waitForFunction(
      (at, wanted) => [...document.querySelectorAll(at)].some(it => it.innerText.includes(wanted)),
      { timeout: 15000, polling: 50 }, selector, text)
  },

  async click ({ selector }) {
    await page.locator(selector).click()
  },

  async type ({ selector, text }) {
    await page.locator(selector).fill(text)
  },

  async press ({ key }) {
    await page.keyboard.press(key)
  },

  /** Returns what has the focus. */
  async focus () {
    return { text: await page.evaluate(() => document.activeElement.innerText || document.activeElement.id) }
  },

  /** Looks at the page as wide as that, in these colours, and keeps a picture. */
  async look ({ width, colours, file }) {
    await page.setViewport({ width, height: width < 600 ? 780 : 900 })
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: colours }])
    // The charts follow a moment later.
    await page.evaluate(() => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve))))
    await page.screenshot({ path: file, fullPage: true })
    return {
      overflow: await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    }
  },

  /** Returns what axe-core finds. The policy of the page keeps scripts out; a debugger's are let in. */
  async axe () {
    await page.evaluate(axe)
    const { violations } = await page.evaluate(() => axe.run({ resultTypes: ['violations'] }))
    return {
      violations: violations.map(it => `${it.id}: ${it.nodes.map(node => node.target + ' ' + node.failureSummary).join('; ')}`)
    }
  },

  async faults () {
    return { faults }
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const task = JSON.parse(line)
  try {
    console.log(JSON.stringify((await tasks[task.do](task)) ?? {}))
  } catch (error) {
    console.log(JSON.stringify({ error: String(error) }))
  }
}
await browser.close()
