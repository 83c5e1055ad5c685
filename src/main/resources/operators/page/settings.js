// The settings in force at the node that this page came from.
import { get } from './api.js'
import { card, el, note, table } from './dom.js'

function rows (settings, part, changed) {
  return settings
    .filter(it => it.key.includes(part) && (!changed || it.source !== 'default'))
    .map(it => [el('code', {}, it.key), it.value === '' ? el('span', { className: 'soft' }, 'none') : it.value, it.source, it.live ? 'now' : 'at a restart'])
}

export function show (view) {
  const box = el('div', {}, note('Loading.'))
  const part = el('input', { id: 'setting-part', autocomplete: 'off' })
  const changed = el('input', { id: 'setting-changed', type: 'checkbox', checked: true })
  view.append(
    el('h1', {}, 'Settings'),
    el('form', { className: 'line', on: { submit: event => event.preventDefault() } },
      el('div', { className: 'wide' }, el('label', { htmlFor: 'setting-part' }, 'Part of the key'), part),
      el('label', {}, changed, ' only those that are not at their default')),
    card('In force at this node', box))
  get('config').then(({ settings }) => {
    const draw = () => {
      const found = rows(settings, part.value.trim(), changed.checked)
      box.replaceChildren(found.length === 0
        ? note('No such setting.')
        : table('Settings', ['Setting', 'Value', 'Written in', 'A change is in force'], found))
    }
    part.addEventListener('input', draw)
    changed.addEventListener('change', draw)
    draw()
  }).catch(fault => {
    box.replaceChildren(el('p', { className: 'fault' }, `The settings cannot be told: ${fault.message}.`))
  })
  return () => {}
}
