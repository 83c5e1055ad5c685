// Two peers, each by the reference client at a tracker of its own: they set up a connection through
// the trackers, and exchange bytes over it. Usage: node peers.js TRACKER TRACKER
import Client from 'bittorrent-tracker'

const BYTES = 128 * 1024
const PIECE = 16 * 1024
const HASH = Buffer.from('a swarm of two peers')
const JOINED_MS = 3000
const AGAIN_MS = 12000

const [first, second] = process.argv.slice(2)
const clients = []
const done = new Set()

function start (name, url) {
  const client = new Client({
    infoHash: HASH,
    peerId: Buffer.from(`-XX0001-${name}`.padEnd(20, '.')),
    announce: [url],
    port: 6881,
    rtcConfig: { iceServers: [], bindAddress: '127.0.0.1' }
  })
  clients.push(client)
  client.on('error', error => console.log(`${name}: error: ${error.message}`))
  client.on('warning', error => console.log(`${name}: warning: ${error.message}`))
  client.on('update', numbers =>
    console.log(`${name}: ${numbers.complete} complete, ${numbers.incomplete} incomplete`))
  client.on('peer', peer => exchange(name, peer))
  client.start({ numwant: 1 })
}

function exchange (name, peer) {
  let received = 0
  peer.on('error', () => {})
  peer.on('connect', () => {
    for (let sent = 0; sent < BYTES; sent += PIECE) {
      peer.send(Buffer.alloc(PIECE, name))
    }
  })
  peer.on('data', piece => {
    received += piece.length
    if (received === BYTES) {
      console.log(`${name}: received ${received} bytes from peer to peer`)
      done.add(name)
      if (done.size === 2) {
        process.exit(0)
      }
    }
  })
}

start('one', first)
setTimeout(() => start('two', second), JOINED_MS)
setInterval(() => clients.forEach(client => client.update({ numwant: 1 })), AGAIN_MS)
