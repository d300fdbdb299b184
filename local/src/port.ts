import { createServer } from 'node:net'

/** Whether a part could listen on this port of 127.0.0.1 now. */
export const isPortFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(true)))
  })

/** Names each port that something else holds, with the setting that chooses another. */
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
