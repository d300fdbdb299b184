import { formatTable } from '@kafka-etl/common'
import type { ConnectedContext } from '../context.js'
import type { Report } from '../report.js'
import { inputUpdates, partitionKey } from '../topics.js'
import { measureLag, type PartitionLag } from './measure-lag.js'

/** `lag`: how far the ETL is behind. */
export const reportLag = async (context: ConnectedContext): Promise<Report> => {
  const lags = await measureLag(context)
  const hasUpdates = inputUpdates(context.pipeline).size > 0
  const { groupId } = context.settings
  const total = sumUp(lags)
  const partitions = lags.map((lag) => ({
    ...lag,
    committed: lag.committed ?? null,
    seconds: lag.seconds ?? null,
    fault: lag.fault ?? null,
  }))
  const json = { group: groupId, ...total, seconds: total.seconds ?? null, partitions }
  return { text: formatLags(lags, groupId, total, hasUpdates ? ['UNFINISHED'] : []), json, exitCode: 0 }
}

type Total = {
  readonly records: number
  readonly seconds: number | undefined
  readonly heldBack: number
  readonly unfinished: number
}

const sumUp = (lags: readonly PartitionLag[]): Total => {
  const records = lags.reduce((sum, lag) => sum + lag.records, 0)
  const ages = lags.flatMap(({ records: waiting, seconds }) => (waiting > 0 && seconds !== undefined ? [seconds] : []))
  return {
    records,
    seconds: records > 0 && ages.length === 0 ? undefined : Math.max(0, ...ages),
    heldBack: lags.reduce((sum, lag) => sum + lag.heldBack, 0),
    unfinished: lags.reduce((sum, lag) => sum + lag.unfinished, 0),
  }
}

const formatLags = (
  lags: readonly PartitionLag[],
  groupId: string,
  total: Total,
  /** One more column, if the pipeline has updates. */
  unfinished: readonly string[],
): string => {
  const table = formatTable(
    ['PARTITION', 'COMMITTED', 'END', 'LAG', 'SECONDS', 'HELD BACK', ...unfinished],
    lags.map((lag) => [
      partitionKey(lag),
      lag.committed ?? '-',
      lag.end,
      lag.isExact ? lag.records : `at most ${lag.records}`,
      lag.seconds === undefined ? '-' : Number(lag.seconds.toFixed(1)),
      lag.heldBack,
      ...unfinished.map(() => lag.unfinished),
    ]),
  )
  const faults = lags.flatMap((lag) => (lag.fault === undefined ? [] : [`${partitionKey(lag)}: ${lag.fault}`]))
  const isExact = lags.every((lag) => lag.isExact)
  return [
    table,
    ...faults,
    describeTotal(groupId, total, isExact),
    ...describeUnfinished(total),
    ...describeHeldBack(total),
  ].join('\n')
}

const countOf = (records: number): string => (records === 1 ? '1 record' : `${records} records`)

const describeTotal = (groupId: string, { records, seconds, heldBack }: Total, isExact: boolean): string => {
  if (records > 0) {
    const age = seconds === undefined ? '' : ` and ${seconds.toFixed(1)} s`
    return `The group ${groupId} is ${isExact ? '' : 'at most '}${countOf(records)}${age} behind.`
  }
  return heldBack > 0 ? `The group ${groupId} has read all that it may read.` : `The group ${groupId} has caught up.`
}

const describeUnfinished = ({ unfinished }: Total): readonly string[] =>
  unfinished === 0
    ? []
    : [
        `${unfinished} more belong to unfinished updates: the ETL has read them, and they wait for the end of their update.`,
      ]

const describeHeldBack = ({ heldBack }: Total): readonly string[] =>
  heldBack === 0
    ? []
    : [`An open transaction holds back ${countOf(heldBack)}: npm run admin -- doctor says what to do if it stays open.`]
