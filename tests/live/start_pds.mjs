// Starts the official Bluesky PDS with its own PLC directory on loopback, makes accounts, and prints one JSON line:
// addresses, handles, passwords, app passwords, and for each account an access token that has already expired.
//
//   node start_pds.mjs --data FOLDER [--accounts alice,bob] [--rate-limits]
//
// Stops on SIGTERM, on SIGINT, and when its standard input is closed, so that it never outlives who started it.
import { createHmac, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { PDS } from '@atproto/pds'
import plc from '@did-plc/server'

const LOOPBACK = '127.0.0.1'
const NOBODY_LISTENS = `http://${LOOPBACK}:9`

const { values: options } = parseArgs({
  options: {
    data: { type: 'string' },
    accounts: { type: 'string', default: 'alice,bob,carol' },
    'rate-limits': { type: 'boolean', default: false },
  },
})

async function freePort() {
  const probe = net.createServer().listen(0, LOOPBACK)
  await once(probe, 'listening')
  const { port } = probe.address()
  probe.close()
  await once(probe, 'close')
  return port
}

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

async function call(url, method, body, token) {
  const response = await fetch(`${url}/xrpc/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method}: ${response.status} ${text}`)
  return JSON.parse(text)
}

/** An app password's access token as the PDS signs it, but past its end. */
function expiredAccessToken(did, audience, jwtSecret) {
  const now = Math.floor(Date.now() / 1000)
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const unsigned = [
    encode({ typ: 'at+jwt', alg: 'HS256' }),
    encode({ scope: 'com.atproto.appPass', aud: audience, sub: did, iat: now - 7260, exp: now - 60 }),
  ].join('.')
  return `${unsigned}.${createHmac('sha256', jwtSecret).update(unsigned).digest('base64url')}`
}

async function makeAccount(pds, name, jwtSecret) {
  const password = randomBytes(12).toString('hex')
  const account = await call(pds.url, 'com.atproto.server.createAccount', {
    handle: `${name}.test`,
    email: `${name}@mail.test`,
    password,
  })
  const app = await call(pds.url, 'com.atproto.server.createAppPassword', { name: 'live' }, account.accessJwt)
  return {
    handle: account.handle,
    did: account.did,
    password,
    app_password: app.password,
    expired_access_token: expiredAccessToken(account.did, pds.server.ctx.cfg.service.did, jwtSecret),
  }
}

const jwtSecret = randomBytes(32).toString('hex')
const directory = await startPlc()
const pds = await startPds(directory.url, jwtSecret)

const stop = async () => {
  await pds.server.destroy()
  await directory.server.destroy()
  process.exit(0)
}
process.once('SIGTERM', stop)
process.once('SIGINT', stop)
process.stdin.once('end', stop).resume()

const accounts = []
for (const name of options.accounts.split(',')) accounts.push(await makeAccount(pds, name, jwtSecret))
console.log(JSON.stringify({ url: pds.url, plc_url: directory.url, accounts }))
