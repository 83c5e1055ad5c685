// The largest channels, and one of them.
import { get, send } from './api.js'
import { chart, legend, sparkline } from './charts.js'
import { confirm, tell } from './dialog.js'
import { card, count, el, facts, note, pill, table } from './dom.js'
import { redraw } from './overview.js'
import { listen, seen } from './watch.js'

const CHANNEL_MS = 3000
const PAGE = 50
const DAY = 86400

function path (id) {
  return `channels/${encodeURIComponent(id)}`
}

function askClose (id) {
  return confirm(`Close ${id}?`, 'Nobody joins it or is told its peers at any node, for a day or until the rule is ended. Who is in it stays until it leaves.', 'Close', async why => {
    await send('POST', 'rules', { kind: 'close', what: id, why, seconds: DAY })
    tell(`${id} is closed for a day; Rules can open it again.`)
  })
}

function list () {
  if (seen.channelsFault) {
    return [el('p', { className: 'fault' }, `The channels cannot be told: ${seen.channelsFault.message}.`)]
  }
  if (!seen.channels) {
    return [note('Loading.')]
  }
  const { channels, partial } = seen.channels
  if (channels.length === 0) {
    return [note('No channel has a viewer.')]
  }
  const missing = partial ? [note('A node has not answered: something is missing.')] : []
  return [...missing, table('Channels', ['Channel', 'Protocol', '#Peers', '#Seeders', '#Joins', '#Leaves', '#Silent', 'Since this page is open'],
    channels.map(it => [
      el('a', { href: `#/${path(it.swarm_id)}` }, it.swarm_id), it.protocol, count(it.peers), count(it.seeders),
      count(it.joins), count(it.leaves), count(it.silent), sparkline(seen.sparks.get(it.swarm_id) ?? [it.peers])
    ]))]
}

function showAll (view) {
  const box = el('div')
  const input = el('input', { id: 'channel-id', autocomplete: 'off', required: true, maxLength: 512 })
  const form = el('form', { className: 'line', on: { submit: event => {
    event.preventDefault()
    location.hash = `#/${path(input.value.trim())}`
  } } },
  el('div', { className: 'wide' }, el('label', { htmlFor: 'channel-id' }, 'Swarm ID of a channel'), input),
  el('button', { type: 'submit' }, 'Show'))
  view.append(el('h1', {}, 'Channels'), form, card('The 50 largest', box))
  return listen(() => redraw(box, ...list()))
}

/** Shows who is in a channel, page by page. */
function members (id) {
  const box = el('div', {}, note('Loading.'))
  const load = async from => {
    try {
      const page = await get(`${path(id)}/members?from=${from}&limit=${PAGE}`)
      if (page.members.length === 0 && from === 0) {
        box.replaceChildren(note('Nobody is in this channel.'))
        return
      }
      box.replaceChildren(
        table('Members', ['Peer', 'Mode'], page.members.map(it => [
          el('a', { href: `#/peers/${encodeURIComponent(it.peer_id)}` }, it.peer_id), it.peer_mode.toLowerCase()])),
        el('div', { className: 'buttons' },
          el('button', { type: 'button', disabled: from === 0, on: { click: () => load(Math.max(0, from - PAGE)) } }, 'Earlier'),
          el('button', { type: 'button', disabled: page.next === undefined, on: { click: () => load(page.next) } }, 'Later')))
    } catch (fault) {
      box.replaceChildren(el('p', { className: 'fault' }, `The members cannot be told: ${fault.message}.`))
    }
  }
  load(0)
  return { box, reload: () => load(0) }
}

function showOne (view, id) {
  const curve = chart(`Leeches and seeders of ${id} by minute`, [{ colour: '--accent' }, { colour: '--second' }])
  const about = el('div', {}, note('Loading.'))
  const who = members(id)
  let ended = false
  view.append(
    el('div', { className: 'head' }, el('h1', {}, id),
      el('button', { type: 'button', id: 'close', on: { click: () => askClose(id) } }, 'Close this channel')),
    el('div', { className: 'grid' },
      card('The last hour', curve.box, legend('leeches', 'seeders')),
      card('Now', about)),
    el('section', { className: 'card' },
      el('div', { className: 'head' }, el('h2', {}, 'Members'),
        el('button', { type: 'button', on: { click: who.reload } }, 'Read again')),
      who.box))
  const draw = ({ channel, partial }) => {
    const q = channel.watched_quantiles_ms
    about.replaceChildren(facts([
      ['Peers', count(channel.peers)], ['Leeches', count(channel.leeches)], ['Seeders', count(channel.seeders)],
      ['Joins', `${count(channel.joins)}, of which ${count(channel.switches_in)} from another channel`],
      ['Leaves', `${count(channel.leaves)}, of which ${count(channel.switches_out)} to another channel`],
      ['Fell silent', count(channel.silent)],
      ['Watched', channel.leaves + channel.silent === 0 ? 'nobody has left yet' : `half for ${Math.round(q.p50 / 1000)} s at most, 9 of 10 for ${Math.round(q.p90 / 1000)} s, 99 of 100 for ${Math.round(q.p99 / 1000)} s`],
      ['Protocol', channel.protocol]
    ]))
    if (partial) {
      about.append(pill('a node has not answered', 'warn'))
    }
    const now = [Date.now() / 1000, channel.leeches, channel.seeders]
    const points = [...(channel.curve ?? []).map(it => [Date.parse(it.at) / 1000, it.leeches, it.seeders]), now]
    curve.draw([0, 1, 2].map(i => points.map(point => point[i])))
  }
  const turn = async () => {
    if (ended) {
      return
    }
    try {
      if (!document.hidden) {
        const told = await get(path(id))
        if (!ended) {
          draw(told)
        }
      }
    } catch (fault) {
      about.replaceChildren(el('p', { className: 'fault' }, `The channel cannot be told: ${fault.message}.`))
    }
    setTimeout(turn, CHANNEL_MS)
  }
  turn()
  return () => {
    ended = true
    curve.end()
  }
}

export function show (view, id) {
  return id ? showOne(view, id) : showAll(view)
}
