// The API of the node that this page came from. A token, where one is needed, is kept for this tab.
import { askToken } from './dialog.js'

const TOKEN = 'ppstp-token'
const PATIENCE_MS = 5000
let asking = null

/** An answer that is none: RFC 9457, or nobody is there. */
export class Problem extends Error {
  constructor (status, detail) {
    super(detail)
    this.status = status
  }
}

async function problem (answer) {
  let detail = answer.statusText
  try {
    detail = (await answer.json()).detail ?? detail
  } catch {
    // No JSON: the status has to do.
  }
  return new Problem(answer.status, detail)
}

async function request (path, options, signal) {
  const token = sessionStorage.getItem(TOKEN)
  const headers = { ...options.headers, ...(token ? { authorization: `Bearer ${token}` } : {}) }
  let answer
  try {
    answer = await fetch(path, { ...options, headers, signal, cache: 'no-store' })
  } catch (fault) {
    throw new Problem(0, fault.name === 'TimeoutError' ? 'the node does not answer' : 'the node cannot be reached')
  }
  if (answer.status === 401) {
    // All that wait for a token wait for the same one.
    asking ??= askToken(token ? 'That token is nobody\'s.' : '').then(given => {
      sessionStorage.setItem(TOKEN, given)
      asking = null
    })
    await asking
    return request(path, options, AbortSignal.timeout(PATIENCE_MS))
  }
  if (!answer.ok) {
    throw await problem(answer)
  }
  return answer
}

/** Returns what is told at a path. */
export async function get (path) {
  return (await request(`api/v1/${path}`, {}, AbortSignal.timeout(PATIENCE_MS))).json()
}

/** Has something done. */
export async function send (method, path, body) {
  const options = { method, headers: { 'content-type': 'application/json' } }
  if (body) {
    options.body = JSON.stringify(body)
  }
  return (await request(`api/v1/${path}`, options, AbortSignal.timeout(PATIENCE_MS))).json()
}

/**
 * Reads events until it is aborted, and comes back where it was when the connection breaks.
 * @param query parameters of /api/v1/events
 * @param take told of each event
 * @param state told true when events come and false when they do not
 */
export async function follow (query, take, state, signal) {
  let after = ''
  while (!signal.aborted) {
    try {
      const parameters = new URLSearchParams({ ...query, ...(after ? { after } : {}) })
      const options = { headers: { accept: 'application/x-ndjson' } }
      const answer = await request(`api/v1/events?${parameters}`, options, signal)
      state(true, '')
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader()
      let rest = ''
      for (;;) {
        const { done, value } = await reader.read()
        if (done) {
          break
        }
        const lines = (rest + value).split('\n')
        rest = lines.pop()
        for (const line of lines.filter(it => it !== '')) {
          const event = JSON.parse(line)
          after = event.node ? `${event.node}-${event.seq}` : after
          take(event)
        }
      }
      state(false, 'the node has ended the stream')
    } catch (fault) {
      if (signal.aborted) {
        return
      }
      state(false, fault.message)
      if (fault.status >= 400 && fault.status < 500) {
        return
      }
    }
    await new Promise(resolve => setTimeout(resolve, 2000))
  }
}
