/** The API keys of the Kafka protocol that the tests use. https://kafka.apache.org/protocol#protocol_api_keys */
export const apiKeys = {
  produce: 0,
  fetch: 1,
  listOffsets: 2,
  metadata: 3,
  offsetCommit: 8,
  offsetFetch: 9,
  findCoordinator: 10,
  joinGroup: 11,
  heartbeat: 12,
  leaveGroup: 13,
  syncGroup: 14,
  apiVersions: 18,
  createTopics: 19,
  initProducerId: 22,
  addPartitionsToTxn: 24,
  addOffsetsToTxn: 25,
  endTxn: 26,
  txnOffsetCommit: 28,
} as const
export type ApiName = keyof typeof apiKeys

/**
 * The head of a request, with which every version of every API begins. `frame` is the whole request, including its
 * length field.
 */
export type RequestFrame = {
  readonly apiKey: number
  readonly apiVersion: number
  readonly correlationId: number
  readonly clientId: string
  readonly frame: Buffer
}

/**
 * Splits a stream's chunks into complete frames (4 bytes of length, then that many bytes); keeps the rest for the next
 * chunk.
 */
export const createFrameSplitter = (): ((chunk: Buffer) => Buffer[]) => {
  let chunks: Buffer[] = []
  let length = 0
  return (chunk) => {
    chunks.push(chunk)
    length += chunk.length
    if (length < 4) return []
    const frames: Buffer[] = []
    let rest = chunks.length === 1 ? chunk : Buffer.concat(chunks, length)
    while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
      const end = 4 + rest.readInt32BE(0)
      frames.push(rest.subarray(0, end))
      rest = rest.subarray(end)
    }
    chunks = [rest]
    length = rest.length
    return frames
  }
}

/** Parses the head of a request frame; a frame that is too short gets the API key -1. */
export const parseRequest = (frame: Buffer): RequestFrame => {
  if (frame.length < 14) return { apiKey: -1, apiVersion: -1, correlationId: -1, clientId: '', frame }
  const clientIdLength = frame.readInt16BE(12)
  return {
    apiKey: frame.readInt16BE(4),
    apiVersion: frame.readInt16BE(6),
    correlationId: frame.readInt32BE(8),
    clientId: clientIdLength < 0 ? '' : frame.toString('utf8', 14, 14 + clientIdLength),
    frame,
  }
}

/** The correlation id of a response frame. */
export const parseCorrelationId = (frame: Buffer): number => (frame.length < 8 ? -1 : frame.readInt32BE(4))
