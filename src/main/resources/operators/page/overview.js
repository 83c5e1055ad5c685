// All nodes together, and each.
import { send } from './api.js'
import { chart, legend, sparkline } from './charts.js'
import { confirm, tell } from './dialog.js'
import { card, count, duration, el, measure, note, pill, table, time } from './dom.js'
import { listen, refusals, seen } from './watch.js'

function tile (name, value, unit = '') {
  return el('div', { className: 'tile' }, el('dt', {}, name), el('dd', {}, value, ' ', el('small', {}, unit)))
}

function tiles (cluster) {
  const answering = cluster.nodes.filter(node => !node.silent).length
  const { history, rates } = seen
  return el('dl', { className: 'tiles', id: 'tiles' },
    tile('Nodes that answer', `${answering}`, `of ${cluster.nodes.length}`),
    tile('Peers', count(cluster.peers)),
    tile('Requests', measure(rates.requests), 'per second'),
    tile('Refusals', measure(rates.refused), 'per second'),
    tile('Half within', measure(history.p50.at(-1)), 'ms'),
    tile('99 of 100 within', measure(history.p99.at(-1)), 'ms'))
}

function state (node) {
  if (node.silent) {
    return pill('silent', 'bad')
  }
  if (!node.live) {
    return pill('stuck', 'bad')
  }
  if (node.draining) {
    return pill('draining', 'warn')
  }
  if (!node.ready) {
    return pill('not ready', 'warn')
  }
  return node.safe ? pill('ready', 'good') : pill('backups missing', 'warn')
}

function askDrain (node) {
  const drain = !node.draining
  return confirm(
    drain ? 'Drain this node?' : 'Resume this node?',
    drain
      ? 'It is not ready from then on, so that load balancers send peers elsewhere, and its connections end with their next answers. The process goes on.'
      : 'It is ready again, and load balancers send peers to it.',
    drain ? 'Drain' : 'Resume',
    async why => {
      await send('POST', drain ? 'node/drain' : 'node/resume', { why })
      tell(drain ? 'This node drains.' : 'This node is ready again.')
    })
}

function askReload () {
  return confirm('Read all files of this node again?', 'Settings, certificates, accounts and tokens, as SIGHUP does.', 'Reload', async why => {
    const { files } = await send('POST', 'node/reload', { why })
    const refused = files.filter(it => it.refused)
    tell(refused.length === 0 ? 'All files were read again.' : refused.map(it => `${it.what} refused: ${it.refused}`).join('; '))
  })
}

function nodeRow (node) {
  const name = el('div', {}, node.address || 'this process', el('br'),
    el('span', { className: 'soft' }, node.node ?? 'no answer', node.this ? ' · asked by this page' : ''))
  if (node.silent) {
    return [name, state(node), '', '', '', '', '', '', '']
  }
  const action = node.this
    ? el('button', { type: 'button', id: 'drain', on: { click: () => askDrain(node) } }, node.draining ? 'Resume' : 'Drain')
    : ''
  return [
    name, state(node), count(node.peers), measure(seen.rates.nodes.get(node.node) ?? null), count(node.connections),
    `${Math.round(100 * node.heap.used / node.heap.maximum)} %`, duration(node.uptime_seconds), node.version, action
  ]
}

function nodes (cluster) {
  const rows = cluster.nodes.map(nodeRow)
  for (const [name, at] of seen.gone) {
    rows.push([el('div', {}, name), pill(`gone since ${time(at)}`, 'bad'), '', '', '', '', '', '', ''])
  }
  return table('Nodes', ['Node', 'State', '#Peers', '#Requests/s', '#Connections', '#Heap', '#Up', 'Version', 'Action'], rows)
}

function causes (cluster) {
  const counts = new Map()
  cluster.nodes.filter(it => !it.silent).forEach(node =>
    Object.entries(refusals(node)).forEach(([cause, number]) => counts.set(cause, (counts.get(cause) ?? 0) + number)))
  if (counts.size === 0) {
    return note('Nobody has been refused since the nodes started.')
  }
  const sorted = [...counts].sort((a, b) => b[1] - a[1])
  const most = sorted[0][1]
  return table('Refusals by cause', ['Cause', '#Since start', '#Per second', 'Share'], sorted.map(([cause, number]) => {
    const bar = el('div', { className: 'bar' })
    bar.style.width = `${100 * number / most}%`
    return [cause.replaceAll('_', ' '), count(number), measure(seen.rates.refusals.get(cause) ?? null), el('div', { className: 'bar-box' }, bar)]
  }))
}

function top () {
  if (seen.channelsFault) {
    return el('p', { className: 'fault' }, `The channels cannot be told: ${seen.channelsFault.message}.`)
  }
  if (!seen.channels) {
    return note('Loading.')
  }
  if (seen.channels.channels.length === 0) {
    return note('No channel has a viewer.')
  }
  return table('Top channels', ['Channel', '#Peers', 'Since this page is open'], seen.channels.channels.slice(0, 8).map(it => [
    el('a', { href: `#/channels/${encodeURIComponent(it.swarm_id)}` }, it.swarm_id),
    count(it.peers),
    sparkline(seen.sparks.get(it.swarm_id) ?? [it.peers])
  ]))
}

/** Keeps what has the focus where something is drawn anew. */
export function redraw (box, ...content) {
  const id = box.contains(document.activeElement) ? document.activeElement.id : ''
  const scrolled = [...box.querySelectorAll('.scroll')].map(it => it.scrollLeft)
  box.replaceChildren(...content)
  box.querySelectorAll('.scroll').forEach((it, i) => { it.scrollLeft = scrolled[i] ?? 0 })
  if (id) {
    document.getElementById(id)?.focus()
  }
}

export function show (view) {
  const traffic = chart('Peers, and requests per second, of the last minutes', [
    { colour: '--accent' }, { colour: '--second', side: 'right' }])
  const latency = chart('Latency of the last minutes in milliseconds', [
    { colour: '--accent' }, { colour: '--second' }, { colour: '--good' }])
  const boxes = { tiles: el('div'), nodes: el('div'), causes: el('div'), channels: el('div') }
  view.append(
    el('h1', {}, 'Overview'),
    boxes.tiles,
    el('div', { className: 'grid' },
      card('Peers and requests', traffic.box, legend('peers (left)', 'requests per second (right)')),
      card('Latency in milliseconds', latency.box, legend('half within', '9 of 10 within', '99 of 100 within'))),
    el('section', { className: 'card' },
      el('div', { className: 'head' }, el('h2', {}, 'Nodes'),
        el('button', { type: 'button', on: { click: askReload } }, 'Reload files of this node')),
      boxes.nodes),
    el('div', { className: 'grid' }, card('Top channels', boxes.channels), card('Refusals by cause', boxes.causes)))
  const end = listen(() => {
    redraw(boxes.channels, top())
    if (!seen.cluster) {
      redraw(boxes.tiles, seen.fault
        ? el('p', { className: 'fault' }, `The node does not tell how it is: ${seen.fault.message}.`)
        : note('Loading.'))
      return
    }
    const stale = seen.fault
      ? [el('p', { className: 'fault' }, `All this is as of ${time(seen.cluster.at)}: ${seen.fault.message}.`)]
      : []
    redraw(boxes.tiles, ...stale, tiles(seen.cluster))
    redraw(boxes.nodes, nodes(seen.cluster))
    redraw(boxes.causes, causes(seen.cluster))
    const h = seen.history
    traffic.draw([h.at, h.peers, h.requests])
    latency.draw([h.at, h.p50, h.p90, h.p99])
  })
  return () => {
    end()
    traffic.end()
    latency.end()
  }
}
