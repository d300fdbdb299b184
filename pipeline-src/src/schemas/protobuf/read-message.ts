import {
  createFileRegistry,
  fromBinary,
  toJson,
  type DescFile,
  type DescMessage,
  type FileRegistry,
} from '@bufbuild/protobuf'
import * as google from '@bufbuild/protobuf/wkt'
import type { RegisteredSchema } from '../registered-schema.js'
import { decodeMessageIndexes, type MessageIndexes } from './message-indexes.js'
import { checkWire } from './wire-check.js'

/**
 * Creates the function that turns a value of any message of a Protobuf schema into JSON with the names of the .proto
 * file. The schema must be the base64 of a FileDescriptorProto: this does not compile .proto text.
 */
export const createReadMessage = (
  schema: Pick<RegisteredSchema, 'text' | 'references'>,
): ((payload: Buffer) => string) => {
  const { file, registry } = readFiles(schema)
  return (payload) => {
    const found = decodeMessageIndexes(payload)
    if (!found) throw new Error('expected the place of a message in its file, got other bytes')
    const message = findMessage(file, found.indexes)
    const bytes = payload.subarray(found.length)
    checkWire(message, bytes)
    const options = { registry, useProtoFieldName: true, alwaysEmitImplicit: true }
    return JSON.stringify(toJson(message, fromBinary(message, bytes), options))
  }
}

const findMessage = ({ messages }: DescFile, indexes: MessageIndexes): DescMessage => {
  const [first = -1, ...others] = indexes
  const found = others.reduce<DescMessage | undefined>(
    (message, index) => message?.nestedMessages[index],
    messages[first],
  )
  if (found) return found
  throw new Error(`expected a message of the file, got the place ${indexes.join('.')}`)
}

const readFiles = ({
  text,
  references,
}: Pick<RegisteredSchema, 'text' | 'references'>): { readonly file: DescFile; readonly registry: FileRegistry } => {
  const own = readFile(text)
  const named = new Map(references.map((reference) => [reference.name, reference.text]))
  const registry = createFileRegistry(own, (name) => {
    const referenced = named.get(name)
    // The name that its importers use, which may differ from the original file name.
    return referenced === undefined ? googleFiles.get(name) : { ...readFile(referenced), name }
  })
  const file = registry.getFile(own.name)
  if (!file) throw new Error(`expected the file ${own.name}, found none`)
  return { file, registry }
}

const readFile = (base64: string): google.FileDescriptorProto => {
  if (!isBase64.test(base64)) {
    throw new Error('expected a Protobuf schema as the base64 of its descriptor, got the text of a .proto file')
  }
  return fromBinary(google.FileDescriptorProtoSchema, Buffer.from(base64, 'base64'))
}

const isBase64 = /^[A-Za-z0-9+/\s]+=*\s*$/

const isFile = (value: unknown): value is DescFile =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'file'

/** Google's files, which every schema may import. */
const googleFiles: ReadonlyMap<string, DescFile> = new Map(
  Object.values(google)
    .filter(isFile)
    .map((file) => [`${file.name}.proto`, file]),
)
