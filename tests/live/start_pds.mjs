// Starts the official Bluesky PDS with its own PLC directory on loopback, makes accounts, and prints one JSON line:
// addresses, handles, passwords, app passwords, and for each account an access token that has already expired.
//
//   node start_pds.mjs --data FOLDER [--accounts alice,bob] [--rate-limits]
//
// Stops on SIGTERM, on SIGINT, and when its standard input is closed, so that it never outlives who started it.
import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { PDS } from '@atproto/pds'
import plc from '@did-plc/server'
import { LOOPBACK, freePort, makeAccounts, stopWithParent } from './servers.mjs'

const NOBODY_LISTENS = `http://${LOOPBACK}:9`

const { values: options } = parseArgs({
  options: {
    data: { type: 'string' },
    accounts: { type: 'string', default: 'alice,bob,carol' },
    'rate-limits': { type: 'boolean', default: false },
  },
})

/** Both servers call `app.listen(port)`, which would listen on every interface. */
function keepOnLoopback({ app }) {
  app.listen = (port) => http.createServer(app).listen(port, LOOPBACK)
}

async function startPlc() {
  const port = await freePort()
  const server = plc.PlcServer.create({ db: plc.Database.mock(), port })
  keepOnLoopback(server)
  await server.start()
  return { server, url: `http://${LOOPBACK}:${port}` }
}

async function startPds(plcUrl, jwtSecret) {
  const port = await freePort()
  const blobs = path.join(options.data, 'blobs')
  mkdirSync(blobs, { recursive: true })
  const server = await PDS.fromEnv({
    devMode: true, // plain http
    port,
    hostname: 'localhost',
    dataDirectory: options.data,
    blobstoreDiskLocation: blobs,
    didPlcUrl: plcUrl,
    enableDidDocWithSession: true,
    inviteRequired: false,
    jwtSecret,
    adminPassword: randomBytes(16).toString('hex'),
    plcRotationKeyK256PrivateKeyHex: randomBytes(32).toString('hex'),
    // What the PDS does not do itself it passes on to an AppView: here one that is down.
    bskyAppViewUrl: NOBODY_LISTENS,
    bskyAppViewDid: 'did:web:appview.test',
    rateLimitsEnabled: options['rate-limits'],
  })
  keepOnLoopback(server)
  await server.start()
  return { server, url: `http://${LOOPBACK}:${port}` }
}

const jwtSecret = randomBytes(32).toString('hex')
const directory = await startPlc()
const pds = await startPds(directory.url, jwtSecret)

const stop = async () => {
  await pds.server.destroy()
  await directory.server.destroy()
  process.exit(0)
}
stopWithParent(stop)

const accounts = await makeAccounts(
  { url: pds.url, did: pds.server.ctx.cfg.service.did },
  options.accounts.split(','),
  jwtSecret,
)
console.log(JSON.stringify({ url: pds.url, plc_url: directory.url, accounts }))
