import { describe, expect, it } from '@jest/globals'
import { describeForeignUse } from '../src/foreign-pipeline.js'

const memberOf = (pipeline: string | undefined) => ({ clientId: 'etl-a', host: '127.0.0.1', pipeline })
const offsetIn = (topic: string, metadata: string, partition = 0) => ({ topic, partition, offset: 7n, metadata })
const describeUse = (
  members: readonly ReturnType<typeof memberOf>[],
  offsets: readonly ReturnType<typeof offsetIn>[],
): string | undefined => describeForeignUse({ groupId: 'g', pipeline: 'noaa', members, offsets })

describe('describeForeignUse', () => {
  it('takes a group without a trace of another pipeline, whatever topics it reads', () =>
    expect(
      describeUse(
        [memberOf('noaa'), memberOf(undefined)],
        [offsetIn('gone', '{"v":1,"pipeline":"noaa"}'), offsetIn('old', '{"v":1,"topicId":"a"}'), offsetIn('bare', '')],
      ),
    ).toBeUndefined())

  it('names members and offsets of another pipeline, and the remedy', () => {
    const foreign = '{"v":1,"pipeline":"users"}'
    expect(
      describeUse([memberOf('users'), memberOf('noaa')], [offsetIn('t', foreign), offsetIn('t', foreign, 1)]),
    ).toBe(
      'ETL_GROUP_ID: expected a consumer group without members or offsets of pipelines other than noaa, got g, which has the member etl-a (127.0.0.1) of users, committed offsets of users in t; set ETL_GROUP_ID to a group of its own for noaa',
    )
  })
})
