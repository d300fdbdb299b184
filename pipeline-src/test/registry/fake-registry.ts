import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { registrySettings, type RegistrySettings } from '@kafka-etl/common'

type Stored = {
  readonly id: number
  readonly version: number
  readonly schema: string
  readonly schemaType: string
  readonly references: unknown
}

/** An in-memory registry with the part of Confluent's API that the client uses. */
export type FakeRegistry = {
  readonly settings: RegistrySettings
  readonly requests: readonly string[]
  /** Responds to every request with this status from now on; undefined: normally. */
  readonly answerWith: (status: number | undefined) => void
  readonly close: () => Promise<void>
}

export const startFakeRegistry = async (user = ''): Promise<FakeRegistry> => {
  const subjects = new Map<string, Stored[]>()
  const requests: string[] = []
  let broken: number | undefined
  let lastId = 0

  const answer = (method: string, path: string, body: Record<string, unknown>): readonly [number, unknown] => {
    const [, subject = ''] = /^(?:\/compatibility)?\/subjects\/([^/]+)/.exec(path) ?? []
    const versions = subjects.get(decodeURIComponent(subject)) ?? []
    const same = versions.find(({ schema }) => schema === body.schema)
    const isCompatible = !String(body.schema).includes('incompatible')
    if (path.startsWith('/schemas/ids/')) {
      const stored = [...subjects.values()].flat().find(({ id }) => id === Number(path.slice('/schemas/ids/'.length)))
      return stored ? [200, stored] : [404, { error_code: 40403, message: 'Schema not found' }]
    }
    if (path.startsWith('/compatibility/'))
      return versions.length === 0 ? [404, {}] : [200, { is_compatible: isCompatible, messages: ['no'] }]
    if (path.startsWith('/config'))
      return [200, { compatibilityLevel: typeof body.compatibility === 'string' ? body.compatibility : 'BACKWARD' }]
    if (path === '/subjects') return [200, [...subjects.keys()]]
    if (path.endsWith('/versions') && method === 'POST') {
      if (same) return [200, { id: same.id }]
      if (!isCompatible) return [409, { error_code: 409, message: 'Schema being registered is incompatible' }]
      const stored = {
        id: ++lastId,
        version: versions.length + 1,
        schema: String(body.schema),
        schemaType: String(body.schemaType),
        references: body.references ?? null,
      }
      subjects.set(decodeURIComponent(subject), [...versions, stored])
      return [200, { id: stored.id }]
    }
    if (method === 'POST') return same ? [200, same] : [404, { error_code: 40403, message: 'Schema not found' }]
    const wanted = path.split('/').at(-1)
    const version = wanted === 'latest' ? versions.at(-1) : versions.find((each) => each.version === Number(wanted))
    return version ? [200, version] : [404, { error_code: 40401, message: 'Subject not found' }]
  }

  const server: Server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = []
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
      const text = Buffer.concat(chunks).toString('utf8')
      const { pathname } = new URL(request.url ?? '', 'http://registry')
      requests.push(`${request.method ?? ''} ${pathname}`)
      const expected = user === '' ? undefined : `Basic ${Buffer.from(user).toString('base64')}`
      const [status, body] =
        broken !== undefined
          ? [broken, { message: 'broken' }]
          : request.headers.authorization !== expected
            ? [401, { message: 'Unauthorized' }]
            : answer(request.method ?? '', pathname, (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>)
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const [registryUsername = '', registryPassword = ''] = user.split(':')
  return {
    settings: {
      registryUrl: `http://127.0.0.1:${port}`,
      registryUsername,
      registryPassword,
      registryCaFile: registrySettings.registryCaFile.default,
      registryAutoRegister: true,
    },
    requests,
    answerWith: (status) => (broken = status),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
