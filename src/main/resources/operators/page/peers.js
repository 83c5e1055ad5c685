// One peer: what the tracker knows of it, what others are told, and what it does.
import { follow, get, send } from './api.js'
import { confirm, tell } from './dialog.js'
import { card, duration, el, facts, note, pill, table, time } from './dom.js'
import { line } from './events.js'

const PEER_MS = 2000
const MOST_EVENTS = 100

const REASONS = {
  no_address: 'it has advertised no address, and is seen at none that may be told',
  unproved: 'none of its requests has come from there',
  unusable: 'no peer can be at that address',
  refused_port: 'the port may not be advertised',
  private: 'the address is not public'
}

function reason (word) {
  return REASONS[word] ?? word.replaceAll('_', ' ')
}

function askKick (id, done) {
  return confirm(`Kick ${id}?`, 'It is taken out of all its swarms, and listeners are told so. It may come again: a rule keeps it out.', 'Kick', async why => {
    const { swarms } = await send('POST', `peers/${encodeURIComponent(id)}/kick`, { why })
    tell(`${id} was taken out of ${swarms.length} ${swarms.length === 1 ? 'swarm' : 'swarms'}.`)
    done()
  })
}

function story (peer) {
  const swarms = Object.entries(peer.memberships)
  return [
    facts([
      ['State', peer.state.toLowerCase()],
      ['Protocol', peer.protocol],
      ['Seen at', peer.seen_at.join(', ') || 'nowhere yet'],
      ['Credentials', peer.authenticated ? 'proved' : 'none'],
      ['Connected for', duration(peer.connected_seconds)],
      ['Silent for', duration(peer.silent_seconds)],
      ['Expires in', duration(peer.expires_in_seconds)],
      ['Told to others', peer.listed ? pill('yes', 'good') : pill('no', 'warn')],
      ...(peer.listed ? [] : [['Why not', peer.why_not_listed.map(reason).join('; ')]])
    ]),
    el('h2', {}, 'Memberships'),
    swarms.length === 0
      ? note('It is in no swarm.')
      : table('Memberships', ['Swarm', 'Mode'], swarms.map(([swarm, mode]) => [
        el('a', { href: `#/channels/${encodeURIComponent(swarm)}` }, swarm), mode.toLowerCase()])),
    el('h2', {}, 'Addresses'),
    peer.addresses.length === 0
      ? note('It has advertised none.')
      : table('Addresses', ['Address', 'Type', 'Told to', 'Why not to everybody'], peer.addresses.map(it => [
        `${it.ip.includes(':') ? `[${it.ip}]` : it.ip}:${it.port}`, it.type.toLowerCase(), it.told_to.replaceAll('_', ' '), it.why ? reason(it.why) : '']))
  ]
}

function refusals (told) {
  return [
    ...(told.partial ? [note('A node is silent, and may have refused it more.')] : []),
    told.refusals.length === 0
      ? note('None that a node remembers.')
      : table('Last refusals', ['When', 'Request', 'Why', 'Swarm', 'Node'], told.refusals.map(it => [
        time(it.at), it.request_type, it.cause.replaceAll('_', ' '),
        it.swarm_id === undefined ? '' : el('a', { href: `#/channels/${encodeURIComponent(it.swarm_id)}` }, it.swarm_id), it.node]))
  ]
}

function showOne (view, id) {
  const about = el('div', {}, note('Loading.'))
  const refused = el('div', { id: 'refusals' }, note('Loading.'))
  const events = el('ul', { className: 'events' })
  const none = note('Nothing since this page was opened.')
  const kick = el('button', { type: 'button', id: 'kick', disabled: true }, 'Kick this peer')
  const reading = new AbortController()
  view.append(
    el('div', { className: 'head' }, el('h1', {}, id), kick),
    el('div', { className: 'grid' }, card('Registration', about), card('What it does', none, events), card('What it was refused', refused)))
  const load = async () => {
    try {
      const peer = await get(`peers/${encodeURIComponent(id)}`)
      about.replaceChildren(...story(peer))
      kick.disabled = false
    } catch (fault) {
      kick.disabled = true
      about.replaceChildren(fault.status === 404
        ? note('It is not registered.')
        : el('p', { className: 'fault' }, `The peer cannot be told: ${fault.message}.`))
    }
  }
  const loadRefusals = async () => {
    try {
      refused.replaceChildren(...refusals(await get(`peers/${encodeURIComponent(id)}/refusals`)))
    } catch (fault) {
      refused.replaceChildren(el('p', { className: 'fault' }, `Refusals cannot be told: ${fault.message}.`))
    }
  }
  kick.addEventListener('click', () => askKick(id, load))
  const turn = async () => {
    if (reading.signal.aborted) {
      return
    }
    if (!document.hidden) {
      await Promise.all([load(), loadRefusals()])
    }
    setTimeout(turn, PEER_MS)
  }
  turn()
  follow({}, event => {
    if (event.peer_id === id) {
      none.hidden = true
      events.prepend(line(event))
      while (events.children.length > MOST_EVENTS) {
        events.lastChild.remove()
      }
    }
  }, (comes, why) => { none.textContent = comes ? 'Nothing since this page was opened.' : `No events: ${why}.` }, reading.signal)
  return () => reading.abort()
}

function showForm (view) {
  const input = el('input', { id: 'peer-id', autocomplete: 'off', required: true, maxLength: 512 })
  view.append(
    el('h1', {}, 'Peers'),
    el('form', { className: 'line', on: { submit: event => {
      event.preventDefault()
      location.hash = `#/peers/${encodeURIComponent(input.value.trim())}`
    } } },
    el('div', { className: 'wide' }, el('label', { htmlFor: 'peer-id' }, 'Peer ID'), input),
    el('button', { type: 'submit' }, 'Show')),
    note('The members of a channel, and events, lead to their peers.'))
  input.focus()
  return () => {}
}

export function show (view, id) {
  return id ? showOne(view, id) : showForm(view)
}
