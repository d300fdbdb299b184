import { messageOf } from '@kafka-etl/common'
import {
  fromBinary,
  fromJson,
  toBinary,
  toJson,
  type DescFile,
  type DescMessage,
  type JsonValue,
  type MessageShape,
} from '@bufbuild/protobuf'
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt'
import { Type } from 'typebox'
import { refuse, type Decoded, type Format } from '../../formats/format.js'
import { createRegisteredFormat } from '../registered-format.js'
import type { ReferencedSchema, RegisteredSchema } from '../registered-schema.js'
import { decodeMessageIndexes, encodeMessageIndexes, type MessageIndexes } from './message-indexes.js'
import { createNameMessage } from './message-names.js'
import { checkWire } from './wire-check.js'

/**
 * Protobuf in Confluent's wire format. `descriptor` and `message` are what `protoc-gen-es` generates of a .proto file:
 * `file_user` and `UserSchema`. The value has to be of a message of that name; unknown fields stay, unseen.
 */
export const protobuf = <Message extends DescMessage>(
  descriptor: DescFile,
  message: Message,
): Format<MessageShape<Message>> => {
  if (message.file !== descriptor) {
    throw new Error(
      `expected a message of ${descriptor.name}.proto, got ${message.typeName} of ${message.file.name}.proto`,
    )
  }
  const name = nameWithoutPackage(message)
  const indexes = encodeMessageIndexes(indexesOf(message))
  return createRegisteredFormat<MessageShape<Message>>({
    name: 'protobuf',
    own: { type: 'PROTOBUF', text: toBase64(descriptor), references: referencesOf(descriptor) },
    schema: Type.Unknown(),
    takesTombstones: false,
    createReader: (writer) => createReader(message, name, writer),
    write: (value) => ({ payload: toBinary(message, value), indexes }),
    fromText: (text) => readText(message, text),
    toText: (value) => JSON.stringify(toJson(message, value, { useProtoFieldName: true, alwaysEmitImplicit: true })),
  })
}

const createReader = <Message extends DescMessage>(
  message: Message,
  name: string,
  writer: RegisteredSchema,
): ((payload: Buffer) => Decoded<MessageShape<Message>>) => {
  const nameMessage = createNameMessage(writer.text)
  return (payload) => {
    const found = decodeMessageIndexes(payload)
    if (!found) return refuse('value_not_framed', 'expected the place of a message in its file, got other bytes')
    const named = nameMessage(found.indexes)
    if (named !== name) {
      return refuse(
        'schema_mismatch',
        `expected the message ${name}, got ${named ?? 'one that the schema does not have'}`,
      )
    }
    const bytes = payload.subarray(found.length)
    checkWire(message, bytes)
    return { ok: true, value: fromBinary(message, bytes) }
  }
}

const readText = <Message extends DescMessage>(message: Message, text: string): Decoded<MessageShape<Message>> => {
  try {
    return { ok: true, value: fromJson(message, JSON.parse(text) as JsonValue) }
  } catch (error) {
    return refuse('value_not_valid', messageOf(error))
  }
}

const nameWithoutPackage = ({ typeName, file }: DescMessage): string =>
  file.proto.package === '' ? typeName : typeName.slice(file.proto.package.length + 1)

/** The entry types of maps are not among `nestedMessages`. */
const indexesOf = (message: DescMessage): MessageIndexes => {
  const siblings = message.parent ? message.parent.nestedMessages : message.file.messages
  const index = siblings.indexOf(message)
  return message.parent ? [...indexesOf(message.parent), index] : [index]
}

const toBase64 = (file: DescFile): string =>
  Buffer.from(toBinary(FileDescriptorProtoSchema, file.proto)).toString('base64')

/** Each file after those that it imports. Registries know Google's own. */
const referencesOf = (file: DescFile): readonly ReferencedSchema[] => {
  const found = new Map<string, ReferencedSchema>()
  const visit = ({ dependencies }: DescFile): void => {
    for (const dependency of dependencies) {
      const name = `${dependency.name}.proto`
      if (name.startsWith('google/protobuf/') || found.has(name)) continue
      visit(dependency)
      found.set(name, { name, text: toBase64(dependency) })
    }
  }
  visit(file)
  return [...found.values()]
}
