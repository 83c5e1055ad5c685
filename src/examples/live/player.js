// Plays the live stream by hls.js, with p2p-media-loader below it, and counts what comes from where.
//
// The page's address may name trackers (tracker=ws://...), the quality to begin with (quality=0),
// and numbers of p2p-media-loader's configuration (core.highDemandTimeWindow=15).
import Hls from 'hls.js'
import { HlsJsP2PEngine } from 'p2p-media-loader-hlsjs'

const STREAM = 'live/stream.m3u8'
const SETTING = 'core.'
const AUTOMATIC = -1

const parameters = new URLSearchParams(location.search)
const trackers = parameters.getAll('tracker')
if (trackers.length === 0) {
  trackers.push(`ws://${location.hostname}:7846/`)
}

const core = {
  announceTrackers: trackers,
  // Viewers on one machine or in one network see each other without a STUN server; name one where
  // they are all over the internet.
  rtcConfig: { iceServers: [] },
  // Whoever names a swarm has the same one, by whatever address the page was opened.
  swarmId: 'ppstp-tracker-live-example',
  // What is to be played within so many seconds comes from the server, all later from peers. The
  // default, 15, leaves nothing to peers where a live stream is played that close to its end.
  highDemandTimeWindow: 4
}
for (const [name, value] of parameters) {
  if (name.startsWith(SETTING)) {
    core[name.slice(SETTING.length)] = Number(value)
  }
}

const element = id => document.getElementById(id)
const video = element('video')
const quality = element('quality')

const HlsWithPeers = HlsJsP2PEngine.injectMixin(Hls)
const hls = new HlsWithPeers({
  // So many segments behind the live end: what lies between is there for peers to exchange.
  liveSyncDurationCount: 8,
  p2p: { core }
})

function notice (text) {
  element('notice').textContent = text
}

// Counters.

const counters = { http: element('from-server'), p2p: element('from-peers') }
const connected = { main: new Set(), secondary: new Set() }
const connectedShown = { main: element('picture-peers'), secondary: element('sound-peers') }

const engine = hls.p2pEngine
engine.addEventListener('onChunkDownloaded', (bytes, source) => {
  const counter = counters[source]
  counter.value = Number(counter.value) + bytes
  counter.textContent = `${Math.round(counter.value / 1000)} kB`
})
function showConnected (type) {
  connectedShown[type].textContent = connected[type].size
}
engine.addEventListener('onPeerConnect', ({ peerId, streamType }) => {
  connected[streamType].add(peerId)
  showConnected(streamType)
})
engine.addEventListener('onPeerClose', ({ peerId, streamType }) => {
  connected[streamType].delete(peerId)
  showConnected(streamType)
})
engine.addEventListener('onTrackerWarning', ({ warning }) => notice(`tracker: ${warning}`))
engine.addEventListener('onTrackerError', ({ error }) => notice(`tracker: ${error}`))
element('tracker').textContent = trackers.join(' ')

// Quality: each is a swarm of its own, and the sound is another.

hls.on(Hls.Events.MANIFEST_PARSED, () => {
  hls.levels.forEach((level, number) => quality.add(new Option(`${level.height}p`, number)))
  const first = Number(parameters.get('quality') ?? AUTOMATIC)
  if (first !== AUTOMATIC) {
    quality.value = first
    hls.startLevel = first
    hls.loadLevel = first
  }
})
quality.addEventListener('change', () => { hls.nextLevel = Number(quality.value) })

// A live stream goes on, whatever has been missed of it.
hls.on(Hls.Events.ERROR, (event, error) => {
  if (error.fatal && error.type === Hls.ErrorTypes.MEDIA_ERROR) {
    hls.recoverMediaError()
  } else if (error.fatal) {
    notice(`the stream is not there: ${error.details}; load the page again`)
  }
})

hls.loadSource(STREAM)
hls.attachMedia(video)
