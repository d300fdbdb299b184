import { sendOwnRequest, type RequestAdmin } from './own-request.js'

/** A request that the broker supports, with its range of versions. */
export type ApiVersion = { readonly apiKey: number; readonly minVersion: number; readonly maxVersion: number }

const apiVersions = { apiKey: 18, apiVersion: 0, apiName: 'ApiVersions' } as const

/** The requests that the broker supports. */
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
 * ApiVersions, version 0, correlation id 1, no client id, as a complete frame. Any client may send this request at any
 * time.
 */
export const apiVersionsFrame: Buffer = Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 0xff, 0xff])
