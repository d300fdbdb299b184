import { fromBinary } from '@bufbuild/protobuf'
import { FileDescriptorProtoSchema, type DescriptorProto } from '@bufbuild/protobuf/wkt'
import type { MessageIndexes } from './message-indexes.js'

/** A message of a .proto file, with the messages declared in it, in order. */
type Message = { readonly name: string; readonly nested: readonly Message[] }

/**
 * Creates the function that names the message at a position of a schema, without its package: `Order.Line`. The schema
 * is the text of a .proto file, or the base64 of a FileDescriptorProto, which Confluent's clients for Python and .NET
 * register. Throws for anything else.
 */
export const createNameMessage = (schema: string): ((indexes: MessageIndexes) => string | undefined) => {
  const top = isBase64.test(schema) ? readDescriptor(schema) : scanProto(schema)
  return (indexes) => {
    const names: string[] = []
    let messages = top
    for (const index of indexes) {
      const message: Message | undefined = messages[index]
      if (!message) return undefined
      names.push(message.name)
      messages = message.nested
    }
    return names.join('.')
  }
}

const isBase64 = /^[A-Za-z0-9+/\s]+=*\s*$/

const readDescriptor = (schema: string): readonly Message[] =>
  fromBinary(FileDescriptorProtoSchema, Buffer.from(schema, 'base64')).messageType.map(toMessage)

/** Skips the entry types of maps: the .proto file does not declare them, and they do not count. */
const toMessage = ({ name, nestedType }: DescriptorProto): Message => ({
  name,
  nested: nestedType.filter(({ options }) => options?.mapEntry !== true).map(toMessage),
})

const token = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[A-Za-z_][\w.]*|[{};=]/g

/** Reads only the message names of a .proto file, by their braces. */
const scanProto = (text: string): readonly Message[] => {
  const tokens = [...text.matchAll(token)].map(([each]) => each).filter((each) => !/^["'/]/.test(each))
  let at = 0
  const scanBlock = (): readonly Message[] => {
    const messages: Message[] = []
    for (; at < tokens.length && tokens[at] !== '}'; at++) {
      if (tokens[at] !== '{') continue
      const name = nameBefore(tokens, at)
      at++
      const nested = scanBlock()
      if (name !== undefined) messages.push({ name, nested })
    }
    return messages
  }
  const messages = scanBlock()
  const isClosed = countOf(tokens, '{') === countOf(tokens, '}')
  if (messages.length === 0 || at < tokens.length || !isClosed)
    throw new Error('expected a .proto file with messages, got another text')
  return messages
}

const countOf = (tokens: readonly string[], wanted: string): number => tokens.filter((each) => each === wanted).length

/** `message Name {`, or `group Name = 1 {`; the number is not a token. */
const nameBefore = (tokens: readonly string[], brace: number): string | undefined => {
  if (tokens[brace - 2] === 'message') return tokens[brace - 1]
  return tokens[brace - 3] === 'group' && tokens[brace - 1] === '=' ? tokens[brace - 2] : undefined
}
