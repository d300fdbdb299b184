import { createHash } from 'node:crypto'
import { create } from '@bufbuild/protobuf'
import type { SampleRecord } from '@kafka-etl/pipeline'
import { UserSchema } from './user_pb.js'

const names = ['Ada', 'Grace', 'Edsger', 'Barbara', 'Donald', 'Frances', 'Ken', 'Radia', 'Tony', 'Margaret']
const colors = ['blue', 'green', 'red', 'orange', 'purple', 'yellow', 'black']

type Fields = {
  readonly name: string
  readonly favorite_number: number
  readonly favorite_color: string
  readonly twitter_handle?: string
}

/** User `index` of the stream of `seed` and topic, with a UUID as its key. */
const makeUser = (topic: string, index: number, seed: number): { readonly key: string; readonly user: Fields } => {
  const digest = createHash('sha256').update(`${seed}/${topic}/${index}`).digest()
  const pick = <Item>(items: readonly Item[], at: number): Item => {
    const item = items[digest.readUInt16BE(at) % items.length]
    if (item === undefined) throw new Error('expected a list with items, got an empty one')
    return item
  }
  const name = `${pick(names, 16)} ${index}`
  const user = {
    name,
    favorite_number: 1 + (digest.readUInt32BE(18) % 1_000),
    favorite_color: pick(colors, 22),
    ...(digest.readUInt8(24) < 64 ? {} : { twitter_handle: `@${name.toLowerCase().replace(' ', '')}` }),
  }
  return { key: toUuid(digest), user }
}

/** A UUID of version 8 (RFC 9562), whose bits are free to choose. */
const toUuid = (digest: Buffer): string => {
  const bytes = Buffer.from(digest.subarray(0, 16))
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

export const makeJsonUser = (index: number, seed: number): SampleRecord => {
  const { key, user } = makeUser('user_json', index, seed)
  return { key, value: user }
}

export const makeProtobufUser = (index: number, seed: number): SampleRecord => {
  const { key, user } = makeUser('user_protobuf', index, seed)
  const { name, favorite_number, favorite_color, twitter_handle = '' } = user
  const message = {
    name,
    favoriteColor: favorite_color,
    favoriteNumber: BigInt(favorite_number),
    twitterHandle: twitter_handle,
  }
  return { key, value: create(UserSchema, message) }
}
