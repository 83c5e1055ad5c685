// Which view is shown, by what stands behind the # of the address.
import { show as channels } from './channels.js'
import { show as events } from './events.js'
import { show as overview } from './overview.js'
import { show as peers } from './peers.js'
import { show as rules } from './rules.js'
import { show as settings } from './settings.js'
import { listen, seen, start } from './watch.js'

const views = { overview, channels, peers, events, rules, settings }
const main = document.getElementById('view')
let end = () => {}

function route () {
  const [, name = 'overview', id = ''] = location.hash.match(/^#\/(\w+)(?:\/(.*))?$/) ?? []
  const show = views[name] ?? overview
  end()
  main.replaceChildren()
  let decoded = ''
  try {
    decoded = decodeURIComponent(id)
  } catch {
    // Somebody has written the address by hand.
  }
  document.title = `${decoded || name} – ppstp-tracker`
  for (const link of document.querySelectorAll('nav a')) {
    if (link.hash === `#/${name}`) {
      link.setAttribute('aria-current', 'page')
    } else {
      link.removeAttribute('aria-current')
    }
  }
  end = show(main, decoded)
}

function state () {
  const { cluster, fault } = seen
  if (fault) {
    return ['bad', fault.message]
  }
  if (!cluster) {
    return ['', 'Connecting']
  }
  if (cluster.partial) {
    return ['bad', 'A node is silent']
  }
  if (seen.gone.size > 0) {
    return ['warn', `${seen.gone.size === 1 ? 'A node is' : `${seen.gone.size} nodes are`} gone`]
  }
  if (!cluster.safe) {
    return ['warn', 'Backups are missing']
  }
  return cluster.nodes.every(node => node.ready) ? ['good', 'All is well'] : ['warn', 'A node is not ready']
}

window.addEventListener('hashchange', () => {
  route()
  main.focus()
})
listen(() => {
  const [kind, text] = state()
  document.getElementById('state').className = `state ${kind}`
  const shown = document.getElementById('state-text')
  if (shown.textContent !== text) {
    shown.textContent = text
  }
})
route()
start()
