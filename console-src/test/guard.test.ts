import { describe, expect, it } from '@jest/globals'
import { findRefusal } from '../src/http/guard.js'

const asked = (host: string | undefined, origin?: string, fetchSite?: string) =>
  findRefusal({ host, origin, fetchSite }, ['console.example'])

describe('findRefusal', () => {
  it.each(['localhost:9480', '127.0.0.1:9480', '[::1]:9480', 'LOCALHOST', 'console.example:80'])(
    'answers %s, a name of this machine',
    (host) => {
      expect(asked(host)).toBeUndefined()
      expect(asked(host, `http://${host}`, 'same-origin')).toBeUndefined()
    },
  )

  it.each([
    undefined,
    '',
    'evil.example',
    'evil.example:9480',
    '127.0.0.1.evil.example',
    'localhost@evil.example',
    '10.0.0.1:9480',
  ])('refuses the host %s, behind which a name of somebody else may be', (host) => {
    expect(asked(host)).toContain('got another name')
  })

  it.each(['null', 'http://evil.example', 'http://localhost:8080', 'https://localhost:9480'])(
    'refuses the origin %s',
    (origin) => {
      expect(asked('localhost:9480', origin)).toContain('another origin')
    },
  )

  it.each(['cross-site', 'same-site'])('refuses what a browser calls %s', (fetchSite) => {
    expect(asked('localhost:9480', undefined, fetchSite)).toContain('another site')
  })
})
