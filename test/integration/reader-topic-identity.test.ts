import { expect, it } from '@jest/globals'
import { countRows, openReaderCase, waitForRows } from '../support/reader-case.js'
import { withSharedBroker } from '../support/site.js'
import { waitFor } from '../support/wait-for.js'

withSharedBroker('reader, and a topic of the same name', {}, (site) => {
  it('writes no row of a topic that was made again while it was paused, though its log is longer', async () => {
    const { topic, write, startReader, drain } = await openReaderCase(site, 'reader-topic-identity')
    await write(0, 100)
    const reader = await startReader()
    await waitForRows(reader, 100)
    await reader.waitForLine(/wrote \d+ rows?, 100 in all/)
    process.kill(reader.pid, 'SIGSTOP')
    await site.oracle.deleteTopic(topic)
    await waitFor(() => site.oracle.createTopics([{ name: topic, partitionCount: 2 }]).then(() => true), {
      what: 'the topic to be made again',
    })
    await write(1_000, 2_000)
    process.kill(reader.pid, 'SIGCONT')
    expect(await reader.exit).toEqual({ code: 2, signal: null })
    await reader.waitForLine(/expected the topic that results.csv came from/)
    const again = await drain(reader.folder)
    expect(await again.exit).toEqual({ code: 2, signal: null })
    expect(await countRows(again)).toBe(100)
  }, 60_000)
})
