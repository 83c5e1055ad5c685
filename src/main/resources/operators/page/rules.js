// What operators forbid, and how they do.
import { get, send } from './api.js'
import { tell } from './dialog.js'
import { card, el, note, table } from './dom.js'

const RULES_MS = 3000
const TIMES = [['3600', 'an hour'], ['86400', 'a day'], ['604800', 'a week'], ['31536000', 'a year']]

function moment (text) {
  return new Date(text).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' })
}

export function show (view) {
  const box = el('div', {}, note('Loading.'))
  let ended = false
  let shown = ''

  const end = async (rule, button) => {
    button.disabled = true
    try {
      await send('DELETE', `rules/${encodeURIComponent(rule.id)}`)
      tell(rule.kind === 'close' ? `${rule.what} is open again.` : `${rule.what} is served again.`)
    } catch (fault) {
      tell(fault.message)
    }
    await load()
  }
  const load = async () => {
    let rules
    try {
      rules = (await get('rules')).rules
    } catch (fault) {
      shown = ''
      box.replaceChildren(el('p', { className: 'fault' }, `The rules cannot be told: ${fault.message}.`))
      return
    }
    if (JSON.stringify(rules) === shown) {
      return
    }
    shown = JSON.stringify(rules)
    box.replaceChildren(rules.length === 0
      ? note('Nothing is forbidden.')
      : table('Rules in force', ['What', 'Kind', 'Why', 'By', 'Since', 'Until', 'Action'], rules.map(rule => {
        const button = el('button', { type: 'button' }, rule.kind === 'close' ? 'Open again' : 'Serve again')
        button.addEventListener('click', () => end(rule, button))
        return [rule.what, rule.kind === 'close' ? 'closed' : 'refused', el('span', {}, rule.why), rule.by, moment(rule.made_at), moment(rule.ends_at), button]
      })))
  }

  const kind = el('select', { id: 'rule-kind' }, el('option', { value: 'close' }, 'Close a swarm'), el('option', { value: 'refuse' }, 'Refuse a network'))
  const what = el('input', { id: 'rule-what', autocomplete: 'off', required: true, maxLength: 256 })
  const why = el('input', { id: 'rule-why', autocomplete: 'off', required: true, maxLength: 256 })
  const seconds = el('select', { id: 'rule-time' }, ...TIMES.map(([value, text]) => el('option', { value }, text)))
  const fault = el('p', { className: 'fault', role: 'alert' })
  const hint = note('')
  const explain = () => {
    hint.textContent = kind.value === 'close'
      ? 'A swarm ID, or its beginning with * behind. Nobody joins it or is told its peers, at any node.'
      : 'An address or a range, such as 192.0.2.0/24. Nobody there is served, at any node; this port is not concerned.'
  }
  kind.addEventListener('change', explain)
  explain()
  const form = el('form', { className: 'line', on: { submit: async event => {
    event.preventDefault()
    fault.textContent = ''
    try {
      await send('POST', 'rules', { kind: kind.value, what: what.value.trim(), why: why.value.trim(), seconds: Number(seconds.value) })
      tell(`${what.value.trim()} is ${kind.value === 'close' ? 'closed' : 'refused'}.`)
      what.value = ''
      why.value = ''
    } catch (refused) {
      fault.textContent = refused.message
    }
    await load()
  } } },
  el('div', {}, el('label', { htmlFor: 'rule-kind' }, 'Rule'), kind),
  el('div', { className: 'wide' }, el('label', { htmlFor: 'rule-what' }, 'What'), what),
  el('div', { className: 'wide' }, el('label', { htmlFor: 'rule-why' }, 'Why'), why),
  el('div', {}, el('label', { htmlFor: 'rule-time' }, 'For'), seconds),
  el('button', { type: 'submit', className: 'strong' }, 'Forbid'))
  view.append(el('h1', {}, 'Rules'), card('A new rule', form, hint, fault), card('In force at all nodes', box))
  const turn = async () => {
    if (!ended) {
      await load()
      setTimeout(turn, RULES_MS)
    }
  }
  turn()
  return () => { ended = true }
}
