import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { startServiceProcess, type ServiceProcess } from '../support/service-process.js'
import { withSharedBroker } from '../support/site.js'
import { waitFor } from '../support/wait-for.js'

withSharedBroker('the console', {}, (site) => {
  let service: ServiceProcess

  beforeAll(async () => {
    service = await startServiceProcess({
      service: 'console',
      bootstrap: site.kafka.bootstrap,
      environment: { PIPELINE: 'noaa', CONSOLE_SERVICES: '' },
    })
    await service.waitForHttp('/ready', 200)
  }, 60_000)
  afterAll(async () => {
    expect((await service.terminate()).code).toBe(0)
  })

  /** Sends a request byte for byte, since `fetch` sets Host and Origin by itself. */
  const ask = (head: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(Number(new URL(service.httpUrl).port), '127.0.0.1')
      let answer = ''
      socket.on('data', (bytes) => (answer += bytes.toString()))
      socket.on('error', reject)
      socket.on('close', () => resolve(answer))
      socket.write(`${head}\r\nConnection: close\r\n\r\n`)
    })

  it.each([
    ['another name that leads here (DNS rebinding)', 'GET /api/topics HTTP/1.1\r\nHost: evil.example', 403],
    ['the page of another origin', 'GET /api/topics HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example', 403],
    ['a script of another site', 'GET /api/events HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: cross-site', 403],
    ['a way out of the folder', 'GET /..%2f..%2fpackage.json HTTP/1.1\r\nHost: localhost', 404],
    ['a method that changes something', 'POST /api/topics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0', 404],
    ['a topic that is none', 'GET /api/topic?topic=../etc HTTP/1.1\r\nHost: localhost', 400],
    ['an offset that is none', 'GET /api/records?topic=t&offset=-1 HTTP/1.1\r\nHost: localhost', 400],
    ['its own page', 'GET / HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost', 200],
    [
      'a link to it',
      'GET / HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate',
      200,
    ],
  ])('answers %s: %s', async (_what, head, status) => {
    expect(await ask(head)).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  })

  it('lets the page run its own files only', async () => {
    const { headers } = await fetch(service.httpUrl)
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none';script-src 'self';style-src 'self';img-src 'self' data:;connect-src 'self';base-uri 'none';form-action 'none';frame-ancestors 'none';require-trusted-types-for 'script'",
    )
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  })

  it('serves fifty pages at once', async () => {
    const pages = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const ending = new AbortController()
        const { body } = await fetch(`${service.httpUrl}/api/events`, { signal: ending.signal })
        return { reader: body?.getReader(), ending }
      }),
    )
    for (const { reader } of pages) expect((await reader?.read())?.done).toBe(false)
    pages.forEach(({ ending }) => ending.abort())
    await sleep(0)
  })

  it('finds a topic among hundreds, and shows no more than a page can take', async () => {
    const names = Array.from({ length: 300 }, (_, index) => `console-many-${index}`)
    await site.oracle.createTopics(names.map((name) => ({ name, partitionCount: 1 })))
    const list = async (filter: string) =>
      (await (await fetch(`${service.httpUrl}/api/topics?filter=${filter}`)).json()) as {
        total: number
        topics: { name: string }[]
      }
    const all = await list('console-many')
    expect(all.total).toBe(300)
    expect(all.topics).toHaveLength(100)
    expect((await list('console-many-299')).topics).toEqual([
      { name: 'console-many-299', partitions: 1, isOfPipeline: false },
    ])
  }, 60_000)

  it('lists the newest records, however large they are', async () => {
    await site.oracle.createTopics([{ name: 'console-heavy', partitionCount: 1 }])
    const value = Buffer.alloc(400_000, 'x')
    await site.oracle.write(Array.from({ length: 40 }, () => ({ topic: 'console-heavy', partition: 0, value })))
    const response = await fetch(`${service.httpUrl}/api/records?topic=console-heavy`)
    const offsets = ((await response.json()) as { records: { offset: string }[] }).records.map(({ offset }) => offset)
    expect(offsets.length).toBeGreaterThan(3)
    expect(offsets).toEqual(Array.from({ length: 40 }, (_, offset) => String(offset)).slice(-offsets.length))
  }, 30_000)

  it('takes little memory for a large record, and shows its beginning', async () => {
    await site.oracle.createTopics([
      { name: 'console-large', partitionCount: 1, settings: { 'max.message.bytes': '20000000' } },
    ])
    await site.oracle.write([{ topic: 'console-large', partition: 0, value: Buffer.alloc(900_000, 'x') }])
    const response = await fetch(`${service.httpUrl}/api/trace?topic=console-large&partition=0&offset=0`)
    const { origin } = (await response.json()) as {
      origin: { value: { text: string; bytes: number; isCut: boolean } }[]
    }
    expect(origin[0]?.value).toMatchObject({ bytes: 900_000, isCut: true })
    expect(origin[0]?.value.text).toHaveLength(65_536)
    await waitFor(async () => ((await service.metric('process_resident_memory_bytes')) ?? Infinity) < 120 * 1_048_576, {
      what: 'less than 120 MiB',
    })
  }, 30_000)
})
