// What the page knows: asked for every second or so while somebody looks, kept for ten minutes.
import { get } from './api.js'

const KEPT = 600
const CLUSTER_MS = 1000
const CHANNELS_MS = 4000
const SPARK_POINTS = 60

const listeners = new Set()

/** What was told last, and what became of it; null before the first answer. */
export const seen = {
  cluster: null,
  fault: null,
  channels: null,
  channelsFault: null,
  /** Nodes that were there and are not: by name, with when they were there last. */
  gone: new Map(),
  /** Seconds, and for each of them peers, requests per second and latency quantiles. */
  history: { at: [], peers: [], requests: [], p50: [], p90: [], p99: [] },
  /** Rates by node, of requests, and of refusals by cause. */
  rates: { nodes: new Map(), refusals: new Map(), requests: null, refused: null },
  sparks: new Map()
}

/** Has a view told when something new is known; returns what ends that. */
export function listen (listener) {
  listeners.add(listener)
  listener()
  return () => listeners.delete(listener)
}

function tellAll () {
  listeners.forEach(listener => listener())
}

function sum (counts) {
  return Object.values(counts ?? {}).reduce((all, one) => all + one, 0)
}

/** Returns how many requests a node has answered. */
export function answered (node) {
  return Object.values(node.requests ?? {}).reduce((all, outcomes) => all + sum(outcomes), 0)
}

/** Returns all refusals of a node by cause, limits included. */
export function refusals (node) {
  const limits = Object.entries(node.limited ?? {}).map(([limit, count]) => [`limit ${limit}`, count])
  return { ...node.refused, ...Object.fromEntries(limits) }
}

/** Returns within how many milliseconds a share of the counted requests was answered. */
export function quantile (buckets, share) {
  const all = buckets.at(-1)?.count ?? 0
  if (all === 0) {
    return null
  }
  let lower = 0
  let before = 0
  for (const { within_ms: upper, count } of buckets) {
    if (count >= share * all) {
      if (upper < 0) {
        return lower
      }
      return lower + (upper - lower) * (share * all - before) / Math.max(1, count - before)
    }
    lower = upper
    before = count
  }
  return lower
}

/** Returns the growth of counts of the nodes that are in both answers. */
function growth (before, now) {
  const earlier = new Map(before.nodes.filter(it => !it.silent).map(it => [it.node, it]))
  const seconds = (Date.parse(now.at) - Date.parse(before.at)) / 1000
  const nodes = new Map()
  const causes = new Map()
  const buckets = []
  let requests = 0
  let refused = 0
  for (const node of now.nodes.filter(it => !it.silent)) {
    const last = earlier.get(node.node)
    if (!last || seconds <= 0) {
      continue
    }
    const grown = answered(node) - answered(last)
    nodes.set(node.node, grown / seconds)
    requests += grown
    const then = refusals(last)
    for (const [cause, count] of Object.entries(refusals(node))) {
      const more = count - (then[cause] ?? 0)
      causes.set(cause, (causes.get(cause) ?? 0) + more / seconds)
      refused += more
    }
    node.latency.forEach((bucket, i) => {
      const at = buckets[i] ??= { within_ms: bucket.within_ms, count: 0 }
      at.count += bucket.count - (last.latency[i]?.count ?? 0)
    })
  }
  return { nodes, causes, buckets, requests: requests / seconds, refused: refused / seconds }
}

const recent = []

function takeCluster (now) {
  const before = recent.find(it => Date.parse(now.at) - Date.parse(it.at) <= 5500) ?? seen.cluster
  if (seen.cluster) {
    for (const node of seen.cluster.nodes) {
      const name = node.address || node.node
      if (!now.nodes.some(it => (it.address || it.node) === name)) {
        seen.gone.set(name, seen.cluster.at)
      }
    }
  }
  now.nodes.forEach(node => seen.gone.delete(node.address || node.node))
  const grown = before ? growth(before, now) : null
  const history = seen.history
  history.at.push(Date.parse(now.at) / 1000)
  history.peers.push(now.peers)
  history.requests.push(grown ? grown.requests : null)
  history.p50.push(grown ? quantile(grown.buckets, 0.5) : null)
  history.p90.push(grown ? quantile(grown.buckets, 0.9) : null)
  history.p99.push(grown ? quantile(grown.buckets, 0.99) : null)
  for (const series of Object.values(history)) {
    series.splice(0, Math.max(0, series.length - KEPT))
  }
  if (grown) {
    seen.rates = { nodes: grown.nodes, refusals: grown.causes, requests: grown.requests, refused: grown.refused }
  }
  recent.push(now)
  recent.splice(0, Math.max(0, recent.length - 6))
  seen.cluster = now
  seen.fault = null
}

function takeChannels (now) {
  for (const channel of now.channels) {
    const points = seen.sparks.get(channel.swarm_id) ?? []
    points.push(channel.peers)
    points.splice(0, Math.max(0, points.length - SPARK_POINTS))
    seen.sparks.set(channel.swarm_id, points)
  }
  const listed = new Set(now.channels.map(it => it.swarm_id))
  for (const id of seen.sparks.keys()) {
    if (!listed.has(id)) {
      seen.sparks.delete(id)
    }
  }
  seen.channels = now
  seen.channelsFault = null
}

async function turn (path, take, failed) {
  if (document.hidden && seen.cluster) {
    return
  }
  try {
    take(await get(path))
  } catch (fault) {
    failed(fault)
  }
  tellAll()
}

function repeat (milliseconds, action) {
  const next = async () => {
    const began = performance.now()
    await action()
    setTimeout(next, Math.max(200, milliseconds - (performance.now() - began)))
  }
  next()
}

/** Begins to ask. */
export function start () {
  repeat(CLUSTER_MS, () => turn('cluster', takeCluster, fault => { seen.fault = fault }))
  repeat(CHANNELS_MS, () => turn('channels?top=50', takeChannels, fault => { seen.channelsFault = fault }))
}
