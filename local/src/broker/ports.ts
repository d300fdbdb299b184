import { once } from 'node:events'
import { createServer, type Server } from 'node:net'

/** Whether this port of 127.0.0.1 is free now. */
export const isPortFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(true)))
  })

/** Names each port that another program uses, with the setting that changes it. */
export const findTakenPorts = async (
  wanted: readonly { readonly name: string; readonly port: number; readonly portSetting: string }[],
): Promise<readonly string[]> => {
  const checks = await Promise.all(wanted.map(async (part) => ({ ...part, isFree: await isPortFree(part.port) })))
  return checks
    .filter(({ isFree }) => !isFree)
    .map(
      ({ name, port, portSetting }) =>
        `Port ${port} for ${name} is taken by another program: end that program, or choose another port with ${portSetting}, such as \`make ${portSetting}=${port + 1000 > 65_535 ? port - 1000 : port + 1000}\`.`,
    )
}

/** `count` different ports of 127.0.0.1 that were free a moment ago. Holds all of them until the last one is known. */
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

const portOf = (server: Server): number => {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error(`Expected a TCP address, got ${String(address)}`)
  return address.port
}
