import { Writable } from 'node:stream'

/** A log stream that keeps what is written to it; it can pose as a terminal. */
export type MemoryStream = Writable & { readonly isTTY: boolean; readonly text: () => string }

export const createMemoryStream = (isTTY = false): MemoryStream => {
  let written = ''
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      written += chunk.toString()
      done()
    },
  })
  return Object.assign(stream, { isTTY, text: () => written })
}
