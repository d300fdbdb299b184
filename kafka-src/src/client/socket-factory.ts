import { connect, isIP } from 'node:net'
import { getBuiltinModule } from 'node:process'
import type { ISocketFactory } from 'kafkajs'

const keepAliveDelayMs = 60_000

/**
 * Creates sockets as KafkaJS does, but with TCP_NODELAY: no small request waits until the previous one is acknowledged.
 */
export const createSocketFactory =
  (): ISocketFactory =>
  ({ host, port, ssl, onConnect }) => {
    // TLS is loaded only if the service uses it, since it takes 4 MiB.
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
