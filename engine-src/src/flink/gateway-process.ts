import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import type { Clock } from '@kafka-etl/common'
import { isGatewayUp } from './gateway.js'

/** A running SQL gateway. */
export type Gateway = { readonly url: string; readonly close: () => Promise<void> }

/** The placeholder in the command for the port to listen on. */
const portPlaceholder = '{port}'
const startMs = 90_000
const lookMs = 200

/** Ends the gateway when its standard input closes. That happens when this process ends, however it ends. */
const keeper = `
"$@" &
gateway=$!
(cat >/dev/null; kill $gateway 2>/dev/null) <&3 &
wait $gateway`

/**
 * Connects to the gateway that already runs at `url`, or starts one with `command`: a gateway needs memory only while
 * something is submitted.
 */
export const openGateway = async (
  { url, command }: { readonly url: string; readonly command: readonly string[] },
  clock: Clock,
): Promise<Gateway> => {
  if (command.length === 0) {
    if (!(await isGatewayUp(url))) throw new Error(`expected the SQL gateway at ${url}, got no answer`)
    return { url, close: () => Promise.resolve() }
  }
  const port = await findFreePort()
  const own = `http://127.0.0.1:${port}`
  const words = command.map((word) => word.replaceAll(portPlaceholder, String(port)))
  const child = spawn('sh', ['-c', keeper, 'sql-gateway', ...words], {
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  })
  const ended = once(child, 'exit')
  const close = async (): Promise<void> => {
    child.stdio[3]?.destroy()
    await ended
  }
  const deadlineMs = clock.monotonicMs() + startMs
  while (!(await isGatewayUp(own))) {
    if (child.exitCode !== null || child.signalCode !== null) {
      await close()
      throw new Error(
        `expected the SQL gateway to start, got its end (${child.signalCode ?? `exit code ${child.exitCode ?? ''}`})`,
      )
    }
    if (clock.monotonicMs() > deadlineMs) {
      await close()
      throw new Error(`expected the SQL gateway to answer within ${startMs / 1000} s, got no answer`)
    }
    await clock.sleep(lookMs)
  }
  return { url: own, close }
}

const findFreePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await once(server.close(), 'close')
  return port
}
