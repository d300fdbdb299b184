import { sendOwnRequest, type RequestAdmin } from './own-request.js'

/** A request that the broker knows, and in which versions. */
export type ApiVersion = { readonly apiKey: number; readonly minVersion: number; readonly maxVersion: number }

const apiVersions = { apiKey: 18, apiVersion: 0, apiName: 'ApiVersions' } as const

/** What the broker knows. */
export const readApiVersions = (admin: RequestAdmin): Promise<readonly ApiVersion[]> =>
  sendOwnRequest(admin, {
    kind: apiVersions,
    body: Buffer.alloc(0),
    read: (reader) => ({
      errorCode: reader.int16(),
      versions: reader.array(() => ({
        apiKey: reader.int16(),
        minVersion: reader.int16(),
        maxVersion: reader.int16(),
      })),
    }),
    errorCodesOf: ({ errorCode }) => [errorCode],
  }).then(({ versions }) => versions)

/**
 * ApiVersions, version 0, correlation id 1, no client id: the one request that any client may always send, whole, as it
 * goes over a connection.
 */
export const apiVersionsFrame: Buffer = Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 0xff, 0xff])
