import type { TopicList } from '../src/protocol.js'
import { html, table } from './dom.js'
import { formatCount, plural } from './format.js'
import { say } from './say.js'
import { ask } from './stream.js'
import { term } from './terms.js'
import type { View } from './view.js'

/** All topics, those of the pipeline first; a filter finds the others. */
export const showTopics: View = (place, until) => {
  const filter = html('input', { type: 'search', id: 'topic-filter', autocomplete: 'off' })
  const list = html('div', {})
  place.append(
    html('h1', {}, term('topic', 'Topics')),
    html('p', {}, html('label', { for: 'topic-filter' }, 'Name contains '), filter),
    list,
  )
  const load = async (): Promise<void> => {
    const wanted = filter.value
    const { total, topics } = await ask<TopicList>('/api/topics', { filter: wanted })
    // The user may have entered another text meanwhile.
    if (until.aborted || filter.value !== wanted) return
    const rows = topics.map(({ name, partitions, isOfPipeline }) => [
      html('a', { href: `#/topic/${name}` }, name),
      formatCount(partitions),
      isOfPipeline ? 'of this pipeline' : name.startsWith('__') ? 'Kafka’s own' : '',
    ])
    const caption =
      topics.length < total
        ? `${topics.length} of ${plural(total, 'topic')}: the filter finds others`
        : plural(total, 'topic')
    list.replaceChildren(table(caption, ['name', term('partition', 'partitions'), 'belongs'], rows))
  }
  const reload = (): void => say(list, load())
  filter.addEventListener('input', reload)
  reload()
}
