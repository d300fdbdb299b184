import { promisify } from 'node:util'
import { zstdCompress, zstdDecompress } from 'node:zlib'
import kafkajs from 'kafkajs'
import snappy from 'snappyjs'

/**
 * Teaches KafkaJS to read what any producer may write: it knows gzip alone, and a record that came compressed in
 * another way would end its consumer for good. Nothing of ours is written compressed, but with zstd it could be.
 */
export const registerCompressionCodecs = (): void => {
  const { CompressionCodecs, CompressionTypes } = kafkajs
  CompressionCodecs[CompressionTypes.Snappy] = () =>
    readOnly('snappy', (buffer) => Promise.resolve(uncompressSnappy(buffer)))
  CompressionCodecs[CompressionTypes.LZ4] = () => readOnly('lz4', uncompressLz4)
  CompressionCodecs[CompressionTypes.ZSTD] = () => zstd
}

type Codec = {
  readonly compress: (encoder: { readonly buffer: Buffer }) => Promise<Buffer>
  readonly decompress: (buffer: Buffer) => Promise<Buffer>
}

const readOnly = (name: string, decompress: Codec['decompress']): Codec => ({
  compress: () => Promise.reject(new Error(`expected records to be written without compression, got ${name}`)),
  decompress,
})

/** Loaded when it is needed first: lz4js takes 5 MiB as soon as it is there. */
const uncompressLz4 = async (buffer: Buffer): Promise<Buffer> => {
  const { default: lz4 } = await import('lz4js')
  return toBuffer(lz4.decompress(buffer))
}

const zstd: Codec = {
  compress: ({ buffer }) => promisify(zstdCompress)(buffer),
  decompress: (buffer) => promisify(zstdDecompress)(buffer),
}

const toBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** The Java client frames snappy as snappy-java does: this magic, two version numbers, then blocks with their lengths. */
const xerialMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00])
const xerialHeaderBytes = xerialMagic.length + 8

/** Reads both forms that clients write: framed blocks, and one bare block (librdkafka). */
export const uncompressSnappy = (buffer: Buffer): Buffer => {
  if (!buffer.subarray(0, xerialMagic.length).equals(xerialMagic)) return toBuffer(snappy.uncompress(buffer))
  const blocks: Buffer[] = []
  for (let at = xerialHeaderBytes; at < buffer.length;) {
    const start = at + 4
    at = start + buffer.readInt32BE(at)
    blocks.push(toBuffer(snappy.uncompress(buffer.subarray(start, at))))
  }
  return Buffer.concat(blocks)
}
