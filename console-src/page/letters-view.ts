import type { Letter, LiveState } from '../src/protocol.js'
import { html, isBeingRead, setText, table } from './dom.js'
import { formatCount, formatTime, plural } from './format.js'
import { linkOf, showShort } from './records-table.js'
import { say } from './say.js'
import { hear } from './store.js'
import { ask } from './stream.js'
import { term } from './terms.js'
import type { View } from './view.js'

/** The rejected records by reason, with the command that replays each. */
export const showLetters: View = (place, until) => {
  const counts = html('div', {})
  const total = html('p', { class: 'note' })
  const list = html('div', {})
  const filter = html('input', { type: 'search', id: 'letter-filter', maxlength: 200, autocomplete: 'off' })
  place.append(
    html('h1', {}, term('dead letter', 'Dead letters')),
    total,
    counts,
    html('p', {}, html('label', { for: 'letter-filter' }, 'Contains the text '), filter),
    list,
  )
  const load = async (): Promise<void> => {
    const wanted = filter.value
    const letters = await ask<readonly Letter[]>('/api/letters', { filter: wanted })
    // The user may have entered another text meanwhile.
    if (until.aborted || filter.value !== wanted || isBeingRead(list)) return
    list.replaceChildren(...letters.map(describe))
    if (letters.length === 0) list.replaceChildren(html('p', {}, 'No dead letters, or none that match.'))
  }
  let seen = -1
  const showCounts = ({ letters, kafka }: LiveState): void => {
    setText(
      total,
      kafka.ok ? `${plural(letters.total, 'dead letter')}.` : 'Kafka does not answer; the last known counts:',
    )
    if (letters.total === seen) return
    seen = letters.total
    const rows = Object.entries(letters.byReason).toSorted(([, one], [, other]) => other - one)
    const byReason = rows.map(([reason, count]) => [reason, formatCount(count)])
    counts.replaceChildren(
      ...(rows.length === 0 ? [] : [table('By reason', [term('reason'), 'dead letters'], byReason)]),
    )
    say(list, load())
  }
  filter.addEventListener('input', () => say(list, load()))
  hear('state', showCounts, until)
}

const describe = (letter: Letter): HTMLElement =>
  html(
    'article',
    { class: 'letter' },
    html('h2', {}, letter.reason),
    html('p', {}, letter.message),
    html('p', {}, showShort(letter.value)),
    html(
      'p',
      { class: 'dim' },
      html('a', { href: linkOf(letter) }, `${letter.topic}/${letter.partition}/${letter.offset}`),
      letter.source === undefined ? '' : ' from ',
      letter.source === undefined
        ? ''
        : html('a', { href: `#/record/${letter.source.split('/').slice(0, 3).join('/')}` }, letter.source),
      letter.rejectedAtMs === undefined ? '' : `, rejected at ${formatTime(letter.rejectedAtMs)}`,
    ),
    html('p', {}, 'To send it again: ', html('code', {}, letter.replay)),
  )
