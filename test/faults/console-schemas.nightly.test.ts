import { afterAll, beforeAll, expect, it, jest } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { createRegistryClient } from '@kafka-etl/pipeline/registry'
import { openBrowser, openPage } from '../browser/chromium.js'
import { startRegistry, type TestRegistry } from '../support/registry/start-registry.js'
import { startServiceProcess, type ServiceProcess } from '../support/service-process.js'
import { withBroker } from '../support/site.js'
import { waitFor } from '../support/wait-for.js'

jest.setTimeout(200_000)

const hostile = '<img src=x onerror="window.attacked=1">'
const schemaOf = (doc: string): string =>
  JSON.stringify({ type: 'record', name: 'Note', doc, fields: [{ name: 'text', type: 'string' }] })

/** Confluent's wire format: a zero byte, the schema's id, then Avro: the length, zigzag, and the text. */
const frameOf = (id: number, text: string): Buffer => {
  const head = Buffer.alloc(6)
  head.writeInt32BE(id, 1)
  head.writeUInt8(2 * text.length, 5)
  return Buffer.concat([head, Buffer.from(text)])
}

withBroker('the console beside a registry', {}, (site) => {
  let registry: TestRegistry
  let service: ServiceProcess
  let browser: Browser

  beforeAll(async () => {
    registry = await startRegistry({ secure: true })
    service = await startServiceProcess({
      service: 'console',
      bootstrap: site.kafka.bootstrap,
      environment: {
        PIPELINE: 'users',
        CONSOLE_SERVICES: '',
        SCHEMA_REGISTRY_URL: registry.url,
        SCHEMA_REGISTRY_USERNAME: registry.username,
        SCHEMA_REGISTRY_PASSWORD: registry.password,
      },
    })
    await service.waitForHttp('/ready', 200)
    browser = await openBrowser()
  }, 400_000)
  afterAll(() => browser.close())

  it('shows subjects and records by their schemas as text, and says that the registry is away', async () => {
    const client = createRegistryClient({
      registryUrl: registry.url,
      registryUsername: registry.username,
      registryPassword: registry.password,
      registryCaFile: '',
      registryAutoRegister: true,
    })
    const { page, faults } = await openPage(browser)
    await page.goto(`${service.httpUrl}/#/schemas`)
    await page.getByText('0 subjects.').waitFor()
    const id = await client.register('notes-value', { type: 'AVRO', text: schemaOf(hostile), references: [] })

    const subject = page.locator('.schema', { hasText: 'notes-value' })
    await subject.waitFor({ timeout: 30_000 })
    expect(await subject.locator('p').textContent()).toMatch(
      new RegExp(`^AVRO, version 1, id ${id}, compatibility.* BACKWARD$`),
    )
    expect(await subject.locator('pre').textContent()).toContain(JSON.stringify(hostile))

    await site.oracle.createTopics([{ name: 'notes', partitionCount: 1 }])
    await site.oracle.write([{ topic: 'notes', partition: 0, value: frameOf(id, 'written in Avro') }])
    await page.goto(`${service.httpUrl}/#/topic/notes`)
    await page.getByText('{"text":"written in Avro"}').first().waitFor()

    await registry.kill9()
    await page.goto(`${service.httpUrl}/#/schemas`)
    await page.locator('.fault').waitFor({ timeout: 30_000 })
    const said = (await page.locator('.fault').textContent()) ?? ''
    expect(said).toMatch(/registry/i)
    expect(said).not.toContain(registry.password)
    await registry.restart()
    await waitFor(async () => (await subject.count()) === 1, { what: 'the subject again', deadlineMs: 60_000 })
    expect(await page.evaluate('window.attacked')).toBeUndefined()
    expect(faults.filter((fault) => !fault.includes('503') && !fault.includes('502'))).toEqual([])
  })
})
