import { describe, expect, it } from '@jest/globals'
import { flavours } from '../../support/jars.js'
import { formatBrokerProperties } from '../../support/kafka-properties.js'

const layout = {
  folder: '/tmp/x',
  port: 1001,
  metadataPort: 1002,
  proxied: [{ name: 'ETL', port: 1003, advertisedPort: 1004 }],
  settings: { 'message.max.bytes': '5' },
}

describe.each(flavours)('formatBrokerProperties for %s', (flavour) => {
  const lines = formatBrokerProperties({ ...layout, flavour }).split('\n')

  it('tells clients behind a proxy to come back to the proxy', () => {
    expect(lines).toContain('advertised.listeners=DIRECT://127.0.0.1:1001,ETL://127.0.0.1:1004')
    expect(lines.find((line) => line.startsWith('listeners='))).toContain('ETL://127.0.0.1:1003')
  })

  it('lets a test have the last word on a setting', () => {
    expect(lines).toContain('message.max.bytes=5')
  })

  it('binds nothing beyond this machine', () => {
    const hosts = lines.join('\n').matchAll(/:\/\/([^:]*):/g)
    expect(new Set(Array.from(hosts, ([, host]) => host))).toEqual(new Set(['127.0.0.1']))
  })
})
