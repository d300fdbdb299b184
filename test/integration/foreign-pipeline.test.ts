import { expect, it } from '@jest/globals'
import { startServiceProcess, type ServiceProcess } from '../support/service-process.js'
import { createCase } from '../support/service-case.js'
import { withSharedBroker } from '../support/site.js'
import { readPairs, writeAll } from './contract-case.js'

withSharedBroker('a group of another pipeline', {}, (site) => {
  const start = (environment: Readonly<Record<string, string>>): Promise<ServiceProcess> =>
    startServiceProcess({ service: 'etl', bootstrap: site.kafka.bootstrap, environment })

  const expectRefusal = async (group: string, found: RegExp): Promise<void> => {
    const etl = await start({ PIPELINE: 'noaa', ETL_GROUP_ID: group })
    expect(await etl.exit).toEqual({ code: 2, signal: null })
    const said = etl.lines.map(({ msg }) => msg).join('\n')
    expect(said).toMatch(/ETL_GROUP_ID: expected .* than noaa, got taken-etl, which has .*; set ETL_GROUP_ID to/)
    expect(said).toMatch(found)
  }

  it('is refused while it has members, and when it has offsets; other inputs of the same pipeline are not', async () => {
    const one = createCase('taken')
    const more = createCase('taken', ['America/New_York', 'Europe/Paris', 'Asia/Tokyo'])
    const etl = await start(one.environment)
    await etl.waitForHttp('/ready', 200)
    await expectRefusal(one.group, /the member etl-\S+ \(\S+\) of timestamps/)
    await writeAll(site.oracle, [{ topic: 'taken-1', partition: 0, value: 'bad' }])
    await readPairs(site.oracle, one)
    const rolled = await start(more.environment)
    await rolled.waitForLine(/joined the consumer group/)
    expect(await etl.terminate()).toEqual({ code: 0, signal: null })
    await rolled.waitForHttp('/ready', 200)
    expect(await rolled.terminate()).toEqual({ code: 0, signal: null })
    await expectRefusal(one.group, /committed offsets of timestamps in taken-1/)
    const back = await start(one.environment)
    await back.waitForHttp('/ready', 200)
    expect(await back.terminate()).toEqual({ code: 0, signal: null })
  }, 90_000)
})
