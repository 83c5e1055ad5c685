// Asks before something is done, and says what came of it.

const byId = id => document.getElementById(id)
let clearing = 0

/** Says something for some seconds. */
export function tell (text) {
  byId('told').textContent = text
  clearTimeout(clearing)
  clearing = setTimeout(() => { byId('told').textContent = '' }, 6000)
}

/**
 * Shows the dialog until what it is for is done or given up.
 * @param act called with what was written; the dialog stays and says why if it fails
 * @returns whether it was done
 */
function show ({ title, text, label, button, secret, input, act }) {
  const dialog = byId('dialog')
  if (dialog.open) {
    return Promise.resolve(false)
  }
  byId('dialog-title').textContent = title
  byId('dialog-text').textContent = text
  byId('dialog-label').textContent = label
  byId('dialog-input').type = secret ? 'password' : 'text'
  byId('dialog-input').value = input
  byId('dialog-fault').textContent = ''
  byId('dialog-do').textContent = button
  byId('dialog-cancel').hidden = secret
  return new Promise(resolve => {
    const form = dialog.querySelector('form')
    const end = done => {
      form.onsubmit = null
      dialog.oncancel = null
      dialog.close()
      resolve(done)
    }
    byId('dialog-cancel').onclick = () => end(false)
    dialog.oncancel = event => {
      event.preventDefault()
      if (!secret) {
        end(false)
      }
    }
    form.onsubmit = async event => {
      event.preventDefault()
      const written = byId('dialog-input').value.trim()
      if (written === '') {
        byId('dialog-fault').textContent = `${label} is needed.`
        return
      }
      byId('dialog-do').disabled = true
      try {
        await act(written)
        end(true)
      } catch (fault) {
        byId('dialog-fault').textContent = fault.message
      } finally {
        byId('dialog-do').disabled = false
      }
    }
    dialog.showModal()
    byId('dialog-input').focus()
  })
}

/** Asks whether, and why, something is to be done; the reason goes into the audit log. */
export function confirm (title, text, button, act) {
  return show({ title, text, label: 'Why (for the audit log)', button, secret: false, input: '', act })
}

/** Asks for a token until there is one. */
export async function askToken (fault) {
  let token = ''
  while (token === '') {
    if (byId('dialog').open) {
      // It asks something else first.
      await new Promise(resolve => setTimeout(resolve, 300))
      continue
    }
    const text = `${fault} This node asks operators for a token of management.tokens. It is kept until this tab is closed.`
    await show({
      title: 'Who are you?',
      text: text.trim(),
      label: 'Token',
      button: 'Go on',
      secret: true,
      input: '',
      act: async written => { token = written }
    })
  }
  return token
}
