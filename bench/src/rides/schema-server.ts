import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export const servedSchemaId = 1

export type SchemaServer = { readonly url: string; readonly stop: () => Promise<void> }

/**
 * The part of a Schema Registry that a reader needs: the schema of an id. Both contenders ask only once: its speed does
 * not matter.
 */
export const startSchemaServer = async (schema: string): Promise<SchemaServer> => {
  const server = createServer((request, response) => {
    const isKnown = request.url?.startsWith(`/schemas/ids/${servedSchemaId}`) === true
    response.writeHead(isKnown ? 200 : 404, { 'content-type': 'application/vnd.schemaregistry.v1+json' })
    response.end(JSON.stringify(isKnown ? { schema } : { error_code: 40_403, message: 'Schema not found' }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
