import type { GroupDetail } from '../src/protocol.js'
import { html, isBeingRead, table } from './dom.js'
import { formatCount, plural } from './format.js'
import { say } from './say.js'
import { ask } from './stream.js'
import { term } from './terms.js'
import type { View } from './view.js'

const againMs = 3_000

/** Which groups read what, and how far each has come. */
export const showGroups: View = (place, until) => {
  const list = html('div', {})
  place.append(html('h1', {}, term('group', 'Groups')), list)
  const load = async (): Promise<void> => {
    const groups = await ask<readonly GroupDetail[]>('/api/groups')
    if (until.aborted || isBeingRead(list)) return
    list.replaceChildren(...groups.map(describe))
    if (groups.length === 0) list.replaceChildren(html('p', {}, 'No group yet: nobody has read anything.'))
  }
  say(list, load())
  const timer = setInterval(() => say(list, load()), againMs)
  until.addEventListener('abort', () => clearInterval(timer))
}

const describe = ({ id, state, members, lags }: GroupDetail): HTMLElement =>
  html(
    'section',
    {},
    html('h2', {}, id),
    html('p', { class: 'dim' }, term('state', state), `, ${plural(members.length, 'member')}`),
    members.length > 0 &&
      table(
        'Members',
        [term('member'), 'host', term('partition', 'partitions')],
        members.map(({ client, host, partitions }) => [client, host, partitions.join(', ') || 'none']),
      ),
    lags.length > 0 &&
      table(
        'Positions',
        [term('partition'), term('committed'), 'next offset', term('lag', 'lag in offsets')],
        lags.map(({ place, committed, end, lag }) => [
          place,
          committed || 'nothing',
          end,
          lag < 0 ? '–' : formatCount(lag),
        ]),
      ),
  )
