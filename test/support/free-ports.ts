import { once } from 'node:events'
import { createServer, type Server } from 'node:net'

const portOf = (server: Server): number => {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error(`Expected a TCP address, got ${String(address)}`)
  return address.port
}

/** `count` different ports of 127.0.0.1 that nobody listened on a moment ago. All are held until the last is known. */
export const findFreePorts = async (count: number): Promise<number[]> => {
  const servers = Array.from({ length: count }, () => createServer())
  await Promise.all(servers.map((server) => once(server.listen(0, '127.0.0.1'), 'listening')))
  const ports = servers.map(portOf)
  await Promise.all(servers.map((server) => once(server.close(), 'close')))
  return ports
}

/** One free port of 127.0.0.1. */
export const findFreePort = async (): Promise<number> => {
  const [port] = await findFreePorts(1)
  if (port === undefined) throw new Error('Expected a free port, got none')
  return port
}
