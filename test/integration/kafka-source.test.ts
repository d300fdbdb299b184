import { expect, it } from '@jest/globals'
import type { Assignment, PassedOver } from '@kafka-etl/kafka'
import { withBroker } from '../support/site.js'
import { waitFor } from '../support/wait-for.js'
import { openKafka, openReader, readAll } from './kafka-case.js'

/** What services may rely on: the source of kafka-src, on a real broker. */
withBroker('a source', {}, (site) => {
  const write = async (topic: string, values: readonly string[], transactionalId?: string): Promise<void> => {
    const records = values.map((value) => ({ topic, partition: 0, value }))
    await site.oracle.write(records, transactionalId === undefined ? {} : { transactionalId })
  }

  it('delivers the records of a partition in order, each once, and goes on where it was told', async () => {
    await site.oracle.createTopics([{ name: 'ordered', partitionCount: 1 }])
    await write('ordered', ['a', 'b', 'c'])
    const { source, seen } = await openReader(openKafka(site.kafka.bootstrap), {
      groupId: 'ordered',
      topics: ['ordered'],
    })
    try {
      await waitFor(() => seen.length >= 3, { what: 'three records' })
      await write('ordered', ['d'])
      await waitFor(() => seen.length >= 4, { what: 'the fourth record' })
      expect(seen).toEqual(['0: a', '1: b', '2: c', '3: d'])
      source.seek({ topic: 'ordered', partition: 0, offset: 2n })
      await waitFor(() => seen.length >= 6, { what: 'the records from the offset that was sought' })
      expect(seen.slice(4)).toEqual(['2: c', '3: d'])
    } finally {
      await source.close()
    }
    expect(await site.oracle.groupOffsets('ordered')).toEqual([])
  }, 60_000)

  it('goes on in the middle of a batch, if that is how far its handler got', async () => {
    await site.oracle.createTopics([{ name: 'half', partitionCount: 1 }])
    await write('half', ['a', 'b', 'c', 'd'])
    const fetched: string[] = []
    const { source } = await openReader(openKafka(site.kafka.bootstrap), {
      groupId: 'half',
      topics: ['half'],
      onDelivery: async (delivery) => {
        const { batch } = delivery
        fetched.push(`${batch.fetchedOffset} to ${batch.lastOffset}: ${(await readAll(delivery)).join(' ')}`)
        delivery.advance(batch.fetchedOffset + 1n)
      },
    })
    await waitFor(() => fetched.length >= 3, { what: 'three fetches' })
    await source.close()
    expect(fetched.slice(0, 3)).toEqual(['0 to 3: 0: a 1: b 2: c 3: d', '1 to 3: 1: b 2: c 3: d', '2 to 3: 2: c 3: d'])
  }, 60_000)

  it('delivers a batch again that its handler rejects, from the committed position', async () => {
    await site.oracle.createTopics([{ name: 'again', partitionCount: 1 }])
    await write('again', ['a', 'b'])
    let isFirst = true
    const { source, seen } = await openReader(openKafka(site.kafka.bootstrap), {
      groupId: 'again',
      topics: ['again'],
      onDelivery: async (delivery) => {
        seen.push(...(await readAll(delivery)))
        if (isFirst) {
          isFirst = false
          throw new Error('not yet')
        }
        delivery.advance(delivery.batch.lastOffset + 1n)
      },
    })
    await waitFor(() => seen.length >= 4, { what: 'the second delivery' })
    await source.close()
    expect(seen).toEqual(['0: a', '1: b', '0: a', '1: b'])
  }, 60_000)

  it('shows committed records alone, and passes over what holds nothing to read', async () => {
    await site.oracle.createTopics([{ name: 'aborted', partitionCount: 1 }])
    await write('aborted', ['bad 1', 'bad 2'], 'aborted')
    await site.oracle.endTransaction('aborted', 'abort')
    const passed: PassedOver[] = []
    const { source, seen } = await openReader(openKafka(site.kafka.bootstrap), {
      groupId: 'aborted',
      topics: ['aborted'],
      onPassedOver: (stretch) => void passed.push(stretch),
    })
    try {
      await waitFor(() => passed.length > 0, { what: 'the aborted stretch to be passed over' })
      expect(passed[0]).toMatchObject({ topic: 'aborted', partition: 0, firstOffset: 0n, lastOffset: 2n })
      await write('aborted', ['good'], 'aborted')
      await site.oracle.endTransaction('aborted', 'commit')
      await waitFor(() => seen.length > 0, { what: 'the committed record' })
      expect(seen).toEqual(['3: good'])
    } finally {
      await source.close()
    }
  }, 60_000)

  it('holds back what an open transaction has written', async () => {
    await site.oracle.createTopics([{ name: 'open', partitionCount: 1 }])
    await write('open', ['x'], 'open')
    await write('open', ['y'])
    const { source, seen } = await openReader(openKafka(site.kafka.bootstrap), { groupId: 'open', topics: ['open'] })
    try {
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      expect(seen).toEqual([])
      await site.oracle.endTransaction('open', 'commit')
      await waitFor(() => seen.length >= 2, { what: 'both records' })
      expect(seen).toEqual(['0: x', '1: y'])
    } finally {
      await source.close()
    }
  }, 60_000)

  it('starts where onJoined seeks, at each join, and shares partitions by subscription, whoever leads', async () => {
    await site.oracle.createTopics([
      { name: 'left', partitionCount: 1 },
      { name: 'right', partitionCount: 2 },
    ])
    await write('left', ['a', 'b', 'c'])
    // The leader does not subscribe to `right`. The first member by name gets `left`.
    const joinedByOld: Assignment[] = []
    const old = await openReader(openKafka(site.kafka.bootstrap, 'shared-1'), {
      groupId: 'shared',
      topics: ['left'],
      onJoined: (assignment, seek) => {
        joinedByOld.push(assignment)
        for (const partition of assignment.left ?? []) seek({ topic: 'left', partition, offset: 2n })
      },
    })
    await waitFor(() => old.seen.length > 0, { what: 'the record that was sought' })
    expect(old.seen).toEqual(['2: c'])
    const foreign: string[] = []
    const recent = await openReader(openKafka(site.kafka.bootstrap, 'shared-2'), {
      groupId: 'shared',
      topics: ['left', 'right'],
      onForeignTopics: (topics) => void foreign.push(...topics),
    })
    try {
      await waitFor(() => recent.joined.length > 0 && joinedByOld.length > 1, { what: 'both to be members' })
      expect(recent.joined.at(-1)).toEqual({ right: [0, 1] })
      expect({ ...joinedByOld.at(-1) }).toEqual({ left: [0] })
      await write('right', ['r'])
      await waitFor(() => recent.seen.length > 0, { what: 'the record that only the younger member reads' })
      expect(recent.seen).toEqual(['0: r'])
      expect(foreign).toEqual([])
    } finally {
      await Promise.all([old.source.close(), recent.source.close()])
    }
  }, 60_000)

  it('commits where it stands if it is told to, and comes back as the member it was', async () => {
    await site.oracle.createTopics([{ name: 'former', partitionCount: 1 }])
    const kafka = openKafka(site.kafka.bootstrap, 'former-1')
    const { source, joined } = await openReader(kafka, { groupId: 'former', topics: ['former'] })
    await source.commit([{ topic: 'former', partition: 0, offset: 7n }])
    expect(await site.oracle.groupOffsets('former')).toEqual([{ topic: 'former', partition: 0, offset: 7n }])
    const admin = await kafka.connectAdmin()
    const memberId = await admin.findFormerMember('former', 'former-1')
    expect(memberId).toMatch(/^former-1-/)
    expect(await admin.findFormerMember('former', 'former-2')).toBeUndefined()
    const successor = await openReader(kafka, { groupId: 'former', topics: ['former'], memberId })
    expect(successor.joined).toEqual(joined)
    expect((await admin.describeGroup('former')).members.map((member) => member.memberId)).toEqual([memberId])
    await Promise.all([admin.close(), source.close(), successor.source.close()])
  }, 60_000)

  it('gives the joining up when it is told to stop', async () => {
    await site.oracle.createTopics([{ name: 'stopped', partitionCount: 1 }])
    const kafka = openKafka(site.kafka.bootstrap)
    const stopping = AbortSignal.abort(new Error('stop'))
    await expect(openReader(kafka, { groupId: 'stopped', topics: ['stopped'], stopping })).rejects.toThrow('stop')
  }, 60_000)
})
