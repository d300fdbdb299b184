import { describe, expect, it } from '@jest/globals'
import { findUnresolvedName } from '../../src/waiting/advertised-names.js'
import { parseAddress } from '../../src/waiting/listener.js'

describe('parseAddress', () => {
  it.each([
    ['kafka:9092', { host: 'kafka', port: 9092 }],
    ['127.0.0.1:29092', { host: '127.0.0.1', port: 29092 }],
    ['[::1]:9092', { host: '::1', port: 9092 }],
  ])('reads %s', (text, address) => expect(parseAddress(text)).toEqual(address))
})

describe('findUnresolvedName', () => {
  const resolvesOnly =
    (...hosts: readonly string[]) =>
    (host: string): Promise<boolean> =>
      Promise.resolve(hosts.includes(host))
  const brokers = [
    { host: 'a', port: 9092 },
    { host: 'b', port: 9093 },
  ]

  it('names the first broker if none can be found', async () => {
    const error = await findUnresolvedName(brokers, resolvesOnly())
    expect(error?.message).toMatch(/^a broker advertises the address a:9092, a name that does not resolve here/)
  })

  it.each([
    ['one of them can', brokers],
    ['they are no names', [{ host: '::1', port: 9092 }]],
    ['there are none', []],
  ])('says nothing if %s', async (_why, advertised) =>
    expect(await findUnresolvedName(advertised, resolvesOnly('b'))).toBeUndefined(),
  )
})
