import type { ConnectedContext } from '../context.js'
import { listMembers } from '../members.js'
import type { Check } from './check.js'

/** Who reads the inputs. */
export const checkGroup = async ({ admin, settings }: ConnectedContext): Promise<readonly Check[]> => {
  const { groupId } = settings
  const { state, members } = await admin.describeGroup(groupId)
  switch (state) {
    case 'Stable':
      return [{ name: 'group', status: 'ok', message: `${groupId} is stable, ${listMembers(members)}` }]
    case 'PreparingRebalance':
    case 'CompletingRebalance':
      return [
        {
          name: 'group',
          status: 'warn',
          message: `${groupId} is rebalancing, ${members.length} members`,
          advice: 'look again in some seconds; if it goes on, an ETL starts again and again: see its log',
        },
      ]
    default:
      return [
        {
          name: 'group',
          status: 'warn',
          message: `${groupId} has no member: no ETL is running`,
          advice: 'start it (make up, or npm run etl)',
        },
      ]
  }
}
