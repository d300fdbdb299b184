import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from '@jest/globals'
import { startServiceProcess } from '../support/service-process.js'
import { withBroker } from '../support/site.js'

const clockTicksPerSecond = 100
const observedMs = 20_000

/** The CPU seconds of a process so far, user and system (proc(5), fields 14 and 15). */
const cpuSecondsOf = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / clockTicksPerSecond
}

withBroker('on a broker of their own', {}, (site) => {
  // Unpatched, KafkaJS's timers alone take 3 % of a core: patches/README.md.
  it('idle services take next to no CPU, and Node warns of nothing', async () => {
    const { bootstrap } = site.kafka
    const environment = { LOG_LEVEL: 'info' }
    const producer = await startServiceProcess({
      service: 'producer',
      bootstrap,
      environment: { ...environment, PRODUCER_RATE: '0', PRODUCER_COUNT: '100' },
    })
    await producer.exit
    const services = [
      await startServiceProcess({ service: 'etl', bootstrap, environment }),
      await startServiceProcess({ service: 'reader', bootstrap, environment }),
    ]
    for (const service of services) await service.waitForHttp('/ready', 200)
    // After the cost of the start: compilation, and the first garbage collections.
    await sleep(5_000)
    const before = services.map(({ pid }) => cpuSecondsOf(pid))
    await sleep(observedMs)
    const shares = services.map(({ pid }, index) => (cpuSecondsOf(pid) - (before[index] ?? 0)) / (observedMs / 1000))
    for (const share of shares) expect(share).toBeLessThan(0.02)
    for (const service of services) expect((await service.terminate()).code).toBe(0)
    const warnings = [producer, ...services].flatMap(({ lines }) => lines.filter(({ level }) => level === undefined))
    expect(warnings).toEqual([])
    process.stderr.write(
      `idle CPU of etl and reader: ${shares.map((share) => `${(share * 100).toFixed(2)} %`).join(', ')}\n`,
    )
  }, 120_000)
})
