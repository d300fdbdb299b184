import { definePipeline, generated, json, jsonSchema, protobuf, reject, rows } from '@kafka-etl/pipeline'
import { makeJsonUser, makeProtobufUser } from './sample.js'
import { KnownUser, User } from './user.js'
import { file_user, UserSchema } from './user_pb.js'

const half = 500

/** Merges users in JSON Schema and in Protobuf into one topic of plain JSON. */
export const pipeline = definePipeline({
  name: 'users',
  topics: {
    userJson: { name: 'user_json', value: jsonSchema(User) },
    userProtobuf: { name: 'user_protobuf', value: protobuf(file_user, UserSchema) },
    users: { name: 'users', value: json(KnownUser), key: ({ name }) => name },
  },
  reasons: ['favorite_number_too_large'],
  steps: {
    userJson: ({ value: { name, favorite_number, favorite_color, twitter_handle } }, { to }) =>
      to.users({ name, favorite_number, favorite_color, ...(twitter_handle === undefined ? {} : { twitter_handle }) }),
    userProtobuf: ({ value: { name, favoriteNumber, favoriteColor, twitterHandle } }, { to }) => {
      const number = Number(favoriteNumber)
      if (!Number.isSafeInteger(number)) {
        return reject('favorite_number_too_large', `Expected a number that JSON keeps exact, got ${favoriteNumber}`)
      }
      const user = { name, favorite_number: number, favorite_color: favoriteColor }
      // proto3 does not distinguish an empty text from a missing one.
      return to.users(twitterHandle === '' ? user : { ...user, twitter_handle: twitterHandle })
    },
  },
  sample: {
    userJson: generated(makeJsonUser, { count: half, rate: 100 }),
    userProtobuf: generated(makeProtobufUser, { count: half, rate: 100 }),
  },
  results: {
    users: rows(['name', 'favorite_color', 'favorite_number', 'twitter_handle'], { first: true }),
  },
})
