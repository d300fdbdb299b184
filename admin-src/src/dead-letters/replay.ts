import type { ConnectedContext } from '../context.js'
import type { Report } from '../report.js'
import { skipReasons, type ReplayChoice } from './plan-replay.js'
import { replayLetters, selectLetters, type ReplayResult } from './replay-letters.js'

/** `dead-letters replay`: sends letters back to where they came from. */
export const reportReplay = async (context: ConnectedContext, choice: ReplayChoice): Promise<Report> =>
  toReport(await replayLetters(context, choice), 'Replayed', false)

/** `dead-letters replay --dry-run`: says what it would send. */
export const reportReplayPlan = async (context: ConnectedContext, choice: ReplayChoice): Promise<Report> =>
  toReport(await selectLetters(context, choice, () => undefined), 'Dry run, nothing was sent: would replay', true)

const toReport = ({ replayed, skipped }: ReplayResult, verb: string, isDryRun: boolean): Report => {
  const total = [...replayed.values()].reduce((sum, count) => sum + count, 0)
  const reasons = [...replayed].map(([reason, count]) => `${reason} ${count}`).join(', ')
  const left = [...skipped].map(
    ([reason, { count, examples }]) =>
      `Left ${count}, ${skipReasons[reason]}: ${examples.join(', ')}${count > examples.length ? ', …' : ''}`,
  )
  return {
    text: [`${verb} ${total} dead letters${total > 0 ? ` (${reasons})` : ''}.`, ...left].join('\n'),
    json: {
      dryRun: isDryRun,
      replayed: total,
      reasons: Object.fromEntries(replayed),
      skipped: Object.fromEntries([...skipped].map(([reason, { count }]) => [reason, count])),
    },
    exitCode: 0,
  }
}
