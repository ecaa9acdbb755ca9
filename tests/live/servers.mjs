// What the starters of the live tests' servers share: free ports, calls, accounts, and an end when their parent ends.
import { createHmac, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import net from 'node:net'

export const LOOPBACK = '127.0.0.1'

export async function freePort() {
  const probe = net.createServer().listen(0, LOOPBACK)
  await once(probe, 'listening')
  const { port } = probe.address()
  probe.close()
  await once(probe, 'close')
  return port
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

/** Accounts on a PDS, each with an app password and an access token that has already expired. */
export async function makeAccounts(pds, names, jwtSecret) {
  const accounts = []
  for (const name of names) {
    const password = randomBytes(12).toString('hex')
    const account = await call(pds.url, 'com.atproto.server.createAccount', {
      handle: `${name}.test`,
      email: `${name}@mail.test`,
      password,
    })
    const app = await call(pds.url, 'com.atproto.server.createAppPassword', { name: 'live' }, account.accessJwt)
    accounts.push({
      handle: account.handle,
      did: account.did,
      password,
      app_password: app.password,
      expired_access_token: expiredAccessToken(account.did, pds.did, jwtSecret),
    })
  }
  return accounts
}

/** Calls `stop` on SIGTERM, on SIGINT, and when standard input is closed. */
export function stopWithParent(stop) {
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  process.stdin.once('end', stop).resume()
}
