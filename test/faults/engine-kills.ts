import type { Server } from '@kafka-etl/local/broker'

/** Kills all of them at once with -9, then restarts all of them. */
export const killAndRestart = async (servers: readonly Server[]): Promise<void> => {
  await Promise.all(servers.map((server) => server.kill9()))
  await Promise.all(servers.map((server) => server.restart()))
}
