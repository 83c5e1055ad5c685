// Makes elements. Text comes in as text only: what peers call themselves is never markup.

/** Returns an element with properties, and children that are elements or text. */
export function el (name, properties = {}, ...children) {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(properties)) {
    if (key === 'on') {
      for (const [event, handler] of Object.entries(value)) {
        made.addEventListener(event, handler)
      }
    } else if (key in made && key !== 'list') {
      made[key] = value
    } else {
      made.setAttribute(key, value)
    }
  }
  made.append(...children.filter(child => child !== null))
  return made
}

/** Returns a card with a heading. */
export function card (title, ...children) {
  return el('section', { className: 'card' }, el('h2', {}, title), ...children)
}

/**
 * Returns a table.
 * @param {string} caption what it is, for screen readers
 * @param columns names; of those that begin with # the cells are numbers
 * @param rows arrays of elements or text
 */
export function table (caption, columns, rows) {
  const isNumber = columns.map(column => column.startsWith('#'))
  const head = columns.map((column, i) =>
    el('th', { scope: 'col', className: isNumber[i] ? 'number' : '' }, column.replace('#', '')))
  const body = rows.map(row => el('tr', {}, ...row.map((cell, i) =>
    el('td', { className: isNumber[i] ? 'number' : i === 0 ? 'name' : '' }, cell))))
  return el('div', { className: 'scroll', tabIndex: 0, role: 'region', ariaLabel: caption },
    el('table', {}, el('thead', {}, el('tr', {}, ...head)), el('tbody', {}, ...body)))
}

/** Returns a list of names and values. */
export function facts (pairs) {
  return el('dl', { className: 'facts' },
    ...pairs.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]))
}

export function note (text) {
  return el('p', { className: 'note' }, text)
}

export function pill (text, kind) {
  return el('span', { className: `pill ${kind}` }, text)
}

const whole = new Intl.NumberFormat('en')
const short = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 })

/** Returns a whole number for people. */
export function count (number) {
  return whole.format(number)
}

/** Returns a rate or a time for people; nothing is known of what is null. */
export function measure (number) {
  return number === null || Number.isNaN(number) ? '–' : short.format(number)
}

/** Returns a time in seconds for people. */
export function duration (seconds) {
  if (seconds < 120) {
    return `${seconds} s`
  }
  return seconds < 7200 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h`
}

/** Returns the time of day of an instant. */
export function time (text) {
  return new Date(text).toLocaleTimeString('en-GB')
}
