// Lines over time, by uPlot, and small ones without axes.

const SVG = 'http://www.w3.org/2000/svg'

function colour (name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}

/**
 * Returns a chart in an element of its own, and what draws new data.
 * @param {string} label what it shows, for screen readers
 * @param lines each a label, a colour's name and, optionally, 'right' for an axis of its own
 */
export function chart (label, lines) {
  const box = document.createElement('div')
  box.className = 'chart'
  box.setAttribute('role', 'img')
  box.setAttribute('aria-label', label)
  let plot = null
  let data = [[], ...lines.map(() => [])]
  const dark = matchMedia('(prefers-color-scheme: dark)')

  const make = () => {
    plot?.destroy()
    const axis = { stroke: colour('--soft'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false }, font: '12px system-ui, sans-serif' }
    const right = lines.some(line => line.side === 'right')
    const range = (u, low, high) => [0, high === null || high <= 0 ? 1 : high * 1.1]
    const minute = (u, from, to) => [Math.min(from ?? 0, (to ?? 60) - 60), to ?? 60]
    const clock = (u, ticks) => ticks.map(at => new Date(at * 1000).toLocaleTimeString('en-GB'))
    plot = new uPlot({
      width: Math.max(200, box.clientWidth),
      height: 190,
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { time: true, range: minute }, y: { range }, right: { range } },
      axes: [{ ...axis, values: clock, space: 90 }, { ...axis, size: 56 }, ...(right ? [{ ...axis, scale: 'right', side: 1, size: 56, grid: { show: false } }] : [])],
      series: [{}, ...lines.map(line => ({
        stroke: colour(line.colour), width: 2, points: { show: false }, spanGaps: true, scale: line.side === 'right' ? 'right' : 'y'
      }))]
    }, data, box)
  }

  const resized = new ResizeObserver(() => {
    if (box.clientWidth === 0) {
      return
    }
    if (plot === null) {
      make()
    } else if (plot.width !== box.clientWidth) {
      plot.setSize({ width: box.clientWidth, height: 190 })
    }
  })
  resized.observe(box)
  const recolour = () => plot && make()
  dark.addEventListener('change', recolour)
  return {
    box,
    draw (next) {
      data = next
      plot?.setData(data)
    },
    end () {
      resized.disconnect()
      dark.removeEventListener('change', recolour)
      plot?.destroy()
    }
  }
}

/** Returns a small line of the latest values. */
export function sparkline (values) {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('class', 'spark')
  svg.setAttribute('viewBox', '0 0 100 24')
  svg.setAttribute('preserveAspectRatio', 'none')
  svg.setAttribute('aria-hidden', 'true')
  const shown = values.length === 1 ? [values[0], values[0]] : values
  const top = Math.max(1, ...shown)
  const path = document.createElementNS(SVG, 'path')
  path.setAttribute('d', shown.map((value, i) =>
    `${i === 0 ? 'M' : 'L'}${(100 * i / Math.max(1, shown.length - 1)).toFixed(1)} ${(22 - 20 * value / top).toFixed(1)}`).join(' '))
  svg.append(path)
  return svg
}

/** Returns what the colours of a chart mean. */
export function legend (...names) {
  const list = document.createElement('ul')
  list.className = 'legend'
  names.forEach((name, i) => {
    const item = document.createElement('li')
    item.className = ['first', 'second', 'third'][i]
    item.textContent = name
    list.append(item)
  })
  return list
}
