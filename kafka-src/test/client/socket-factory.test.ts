import { once } from 'node:events'
import { createServer, Socket, type AddressInfo } from 'node:net'
import { describe, expect, it, jest } from '@jest/globals'
import { createSocketFactory } from '../../src/client/socket-factory.js'

describe('a socket', () => {
  it('sends small requests at once', async () => {
    const setNoDelay = jest.spyOn(Socket.prototype, 'setNoDelay')
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const onConnect = jest.fn()
    const socket = createSocketFactory()({ host: '127.0.0.1', port, ssl: null, onConnect })
    await once(socket, 'connect')
    expect(setNoDelay).toHaveBeenCalledWith(true)
    expect(onConnect).toHaveBeenCalledTimes(1)
    setNoDelay.mockRestore()
    socket.destroy()
    server.close()
  })
})
