import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { expect, it } from '@jest/globals'
import { createLogger } from '../../../common-src/src/log/logger.js'
import { commonSettings } from '../../../common-src/src/settings/common-settings.js'
import { loadSettings } from '../../../common-src/src/settings/settings.js'
import { createSystemClock } from '../../../common-src/src/time/clock.js'
import { createMemoryStream } from '../../../common-src/test/memory-stream.js'
import { createKafka } from '../../src/kafka.js'

it('reaches a broker at an IPv6 address', async () => {
  const server = createServer((socket) => socket.destroy()).listen(0, '::1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const environment = { KAFKA_BROKERS: `[::1]:${port}` }
  const loaded = loadSettings(commonSettings, environment, { prefixes: [], knownNames: [] })
  if (!loaded.ok) throw new Error(loaded.faults.join('; '))
  const { settings } = loaded
  const logger = createLogger({ name: 'etl', settings, stream: createMemoryStream() })
  const kafka = createKafka({ clientId: 'etl', settings, logger, clock: createSystemClock(), retries: 0 })
  const connected = once(server, 'connection')
  await expect(kafka.connectAdmin(0)).rejects.toThrow('Closed connection')
  await connected
  server.close()
})
