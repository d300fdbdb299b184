import { create } from '@bufbuild/protobuf'
import { describe, expect, it } from '@jest/globals'
import { testPipeline } from '@kafka-etl/pipeline/testing'
import { pipeline } from './pipeline.js'
import { makeJsonUser, makeProtobufUser } from './sample.js'
import { UserSchema } from './user_pb.js'

const robert = { name: 'Robert Zych', favorite_number: 42, favorite_color: 'blue', twitter_handle: 'zychr' }

describe('the users pipeline', () => {
  it('makes one topic of JSON Schema and Protobuf, by name', () => {
    const run = testPipeline(pipeline)
    run.send('userJson', robert, { key: 'a' })
    const { twitter_handle, ...plain } = robert
    run.send('userJson', plain)
    run.send(
      'userProtobuf',
      create(UserSchema, { name: 'Ada', favoriteNumber: 7n, favoriteColor: 'red', twitterHandle: twitter_handle }),
    )
    run.send('userProtobuf', create(UserSchema, { name: 'Eve' }))
    expect(run.outputs('users').map(({ key, value }) => [key, value])).toEqual([
      ['Robert Zych', robert],
      ['Robert Zych', plain],
      ['Ada', { name: 'Ada', favorite_number: 7, favorite_color: 'red', twitter_handle }],
      ['Eve', { name: 'Eve', favorite_number: 0, favorite_color: '' }],
    ])
    expect(run.rows('users')).toBe(
      'name,favorite_color,favorite_number,twitter_handle\n' +
        '"Robert Zych","blue",42,"zychr"\n"Robert Zych","blue",42,\n"Ada","red",7,"zychr"\n"Eve","",0,\n',
    )
  })

  it('sets aside what does not fit', () => {
    const run = testPipeline(pipeline)
    run.send('userJson', Buffer.from('{"name":"no frame"}'))
    run.send('userJson', Buffer.from([0, 0, 0, 0, 99, 0x7b, 0x7d]))
    run.send('userJson', Buffer.from('\0\0\0\0\u0001{"name":"a","favorite_color":"b","favorite_number":-1}', 'latin1'))
    run.send('userProtobuf', create(UserSchema, { name: 'a', favoriteNumber: 2n ** 53n + 1n }))
    expect(run.deadLetters().map(({ reason }) => reason)).toEqual([
      'value_not_framed',
      'schema_unknown',
      'schema_mismatch',
      'favorite_number_too_large',
    ])
  })

  it('takes its own sample, the same for the same seed', () => {
    const run = testPipeline(pipeline)
    for (let index = 0; index < 500; index++) {
      run.send('userJson', makeJsonUser(index, 0).value)
      run.send('userProtobuf', makeProtobufUser(index, 0).value)
    }
    expect(run.deadLetters()).toEqual([])
    expect(run.outputs('users')).toHaveLength(1_000)
    expect(makeJsonUser(3, 5)).toEqual(makeJsonUser(3, 5))
    const keys = [makeJsonUser(3, 5), makeJsonUser(4, 5), makeJsonUser(3, 6), makeProtobufUser(3, 5)].map(
      ({ key }) => key,
    )
    expect(new Set(keys).size).toBe(4)
    expect(keys[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })
})
