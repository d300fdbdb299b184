import { refuse, type Refused } from '../formats/format.js'

/** The id of the schema that a value was written with, and its payload. */
export type Frame = { readonly ok: true; readonly schemaId: number; readonly payload: Buffer }

const magicByte = 0
const headerBytes = 5

/** Splits a value in Confluent's wire format: 0x00, the schema id as 4 bytes big-endian, then the payload. */
export const readFrame = (bytes: Buffer): Frame | Refused => {
  if (bytes.length < headerBytes || bytes[0] !== magicByte) {
    const start = bytes.subarray(0, headerBytes).toString('hex') || 'nothing'
    return refuse('value_not_framed', `expected 0x00 and the id of a schema in 4 bytes, got ${start}`)
  }
  return { ok: true, schemaId: bytes.readInt32BE(1), payload: bytes.subarray(headerBytes) }
}

/** `indexes`: the encoded position of a Protobuf message in its file. */
export const writeFrame = (schemaId: number, payload: Uint8Array, indexes: Uint8Array = noBytes): Buffer => {
  const frame = Buffer.allocUnsafe(headerBytes + indexes.length + payload.length)
  frame[0] = magicByte
  frame.writeInt32BE(schemaId, 1)
  frame.set(indexes, headerBytes)
  frame.set(payload, headerBytes + indexes.length)
  return frame
}

const noBytes = new Uint8Array(0)
