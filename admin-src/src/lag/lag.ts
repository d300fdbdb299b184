import type { ConnectedContext } from '../context.js'
import { partitionKey } from '../topics.js'
import type { Report } from '../report.js'
import { formatTable } from '@kafka-etl/common'
import { measureLag, type PartitionLag } from './measure-lag.js'

/** `lag`: how far the ETL is behind. */
export const reportLag = async (context: ConnectedContext): Promise<Report> => {
  const lags = await measureLag(context)
  const records = lags.reduce((sum, lag) => sum + lag.records, 0)
  const seconds = Math.max(0, ...lags.map((lag) => lag.seconds))
  const partitions = lags.map((lag) => ({ ...lag, committed: lag.committed ?? null, fault: lag.fault ?? null }))
  return {
    text: formatLags(lags, context.settings.groupId, records, seconds),
    json: { group: context.settings.groupId, records, seconds, partitions },
    exitCode: 0,
  }
}

const formatLags = (lags: readonly PartitionLag[], groupId: string, records: number, seconds: number): string => {
  const table = formatTable(
    ['PARTITION', 'COMMITTED', 'END', 'LAG', 'SECONDS'],
    lags.map((lag) => [
      partitionKey(lag),
      lag.committed ?? '-',
      lag.end,
      lag.isExact ? lag.records : `at most ${lag.records}`,
      Number(lag.seconds.toFixed(1)),
    ]),
  )
  const faults = lags.flatMap((lag) => (lag.fault === undefined ? [] : [`${partitionKey(lag)}: ${lag.fault}`]))
  const total =
    records === 0
      ? `The group ${groupId} has caught up.`
      : `The group ${groupId} is ${lags.every(({ isExact }) => isExact) ? '' : 'at most '}${records} records and ${seconds.toFixed(1)} s behind.`
  return [table, ...faults, total].join('\n')
}
