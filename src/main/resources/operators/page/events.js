// Events as they happen.
import { follow } from './api.js'
import { el, note, time } from './dom.js'

const MOST = 200
const KINDS = ['registered', 'joined', 'left', 'switched', 'expired', 'reported', 'refused', 'account']

/** Returns an event as a line of a list. */
export function line (event) {
  if (event.event === 'lost') {
    return el('li', {}, el('b', { className: 'warn' }, 'lost'), el('span', {}, 'events came faster than this page could read them'))
  }
  const swarms = event.swarm_ids ?? [event.from_swarm_id, event.swarm_id].filter(it => it !== undefined)
  const why = event.cause ?? event.reason
  return el('li', {},
    el('time', { dateTime: event.at }, time(event.at)),
    el('b', { className: event.event === 'refused' ? 'bad' : '' }, event.event),
    event.peer_id === undefined
      ? null
      : el('span', {}, el('a', { href: `#/peers/${encodeURIComponent(event.peer_id)}` }, event.peer_id)),
    el('span', {}, ...swarms.flatMap((swarm, i) => [i === 0 ? '' : ' → ',
      el('a', { href: `#/channels/${encodeURIComponent(swarm)}` }, swarm)])),
    el('span', { className: 'soft' }, [
      event.peer_mode?.toLowerCase(), event.request_type, why?.replaceAll('_', ' '),
      event.watched_ms === undefined ? undefined : `watched ${Math.round(event.watched_ms / 1000)} s`
    ].filter(it => it !== undefined).join(', ')))
}

export function show (view) {
  const list = el('ul', { className: 'events', id: 'events' })
  const state = note('Connecting.')
  const kind = el('select', { id: 'event-kind' }, el('option', { value: '' }, 'all'), ...KINDS.map(it => el('option', { value: it }, it)))
  const swarm = el('input', { id: 'event-swarm', autocomplete: 'off', placeholder: 'all, or a pattern such as news-*' })
  const hold = el('button', { type: 'button', ariaPressed: 'false' }, 'Pause')
  let reading = new AbortController()
  let held = []
  let paused = false

  const add = event => {
    list.prepend(line(event))
    while (list.children.length > MOST) {
      list.lastChild.remove()
    }
  }
  const read = () => {
    reading.abort()
    reading = new AbortController()
    list.replaceChildren()
    const query = {}
    if (kind.value) {
      query.kind = kind.value
    }
    if (swarm.value.trim()) {
      query.swarm = swarm.value.trim()
    }
    follow(query, event => {
      if (paused) {
        held.push(event)
        held = held.slice(-MOST)
      } else {
        add(event)
      }
    }, (comes, why) => { state.textContent = comes ? 'The latest first; those before this page was opened are not there.' : `No events: ${why}.` }, reading.signal)
  }
  hold.addEventListener('click', () => {
    paused = !paused
    hold.textContent = paused ? 'Go on' : 'Pause'
    hold.ariaPressed = String(paused)
    held.forEach(add)
    held = []
  })
  kind.addEventListener('change', read)
  view.append(
    el('h1', {}, 'Events'),
    el('form', { className: 'line', on: { submit: event => { event.preventDefault(); read() } } },
      el('div', {}, el('label', { htmlFor: 'event-kind' }, 'Kind'), kind),
      el('div', { className: 'wide' }, el('label', { htmlFor: 'event-swarm' }, 'Swarms'), swarm),
      el('button', { type: 'submit' }, 'Filter'), hold),
    el('section', { className: 'card', ariaLabel: 'Latest events' }, state, list))
  read()
  return () => reading.abort()
}
