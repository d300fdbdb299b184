import type { ConnectedContext } from '../context.js'
import type { Report } from '../report.js'
import { skipReasons, type ReplayChoice } from './plan-replay.js'
import { planReplays, replayLetters } from './replay-letters.js'
import type { ReplayResult } from './replay-result.js'

/** `dead-letters replay`: sends letters back to where they came from. */
export const reportReplay = async (context: ConnectedContext, choice: ReplayChoice): Promise<Report> =>
  toReport(await replayLetters(context, choice), 'Replayed', false)

/** `dead-letters replay --dry-run`: reports what it would send. */
export const reportReplayPlan = async (context: ConnectedContext, choice: ReplayChoice): Promise<Report> =>
  toReport(await planReplays(context, choice), 'Dry run, nothing was sent: would replay', true)

const toReport = ({ replayed, left }: ReplayResult, verb: string, isDryRun: boolean): Report => {
  const total = [...replayed.values()].reduce((sum, count) => sum + count, 0)
  const reasons = [...replayed].map(([reason, count]) => `${reason} ${count}`).join(', ')
  const sentences = [...left].map(
    ([reason, { count, examples }]) =>
      `Left ${count}, ${skipReasons[reason]}: ${examples.join(', ')}${count > examples.length ? ', …' : ''}`,
  )
  return {
    text: [`${verb} ${total} dead letters${total > 0 ? ` (${reasons})` : ''}.`, ...sentences].join('\n'),
    json: {
      dryRun: isDryRun,
      replayed: total,
      reasons: Object.fromEntries(replayed),
      skipped: Object.fromEntries([...left].map(([reason, { count }]) => [reason, count])),
    },
    exitCode: 0,
  }
}
