import { connect, isIP } from 'node:net'
import { getBuiltinModule } from 'node:process'
import type { ISocketFactory } from 'kafkajs'

const keepAliveDelayMs = 60_000

/** Sockets as KafkaJS makes them, but small requests go out at once: none waits for the one before to be acknowledged. */
export const createSocketFactory =
  (): ISocketFactory =>
  ({ host, port, ssl, onConnect }) => {
    // TLS takes 4 MiB of a service: it is loaded for those that use it.
    const socket = ssl
      ? getBuiltinModule('node:tls').connect(
          { host, port, ...(isIP(host) === 0 ? { servername: host } : {}), ...ssl },
          onConnect,
        )
      : connect({ host, port }, onConnect)
    socket.setKeepAlive(true, keepAliveDelayMs)
    socket.setNoDelay(true)
    return socket
  }
