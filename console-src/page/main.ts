import { parseAddress } from './address.js'
import { html, setText } from './dom.js'
import { showGroups } from './groups-view.js'
import { showJobs } from './jobs-view.js'
import { showLetters } from './letters-view.js'
import { showOverview } from './overview.js'
import { showRecordView } from './record-view.js'
import { showSchemas } from './schemas-view.js'
import { hear } from './store.js'
import { keepStream, openStream } from './stream.js'
import { showTopic } from './topic-view.js'
import { showTopics } from './topics-view.js'
import type { View } from './view.js'

const views: Readonly<Record<string, { readonly title: string; readonly show: View }>> = {
  '': { title: 'Overview', show: showOverview },
  topics: { title: 'Topics', show: showTopics },
  topic: { title: 'Topic', show: showTopic },
  record: { title: 'Record', show: showRecordView },
  letters: { title: 'Dead letters', show: showLetters },
  groups: { title: 'Groups', show: showGroups },
  jobs: { title: 'Jobs', show: showJobs },
  schemas: { title: 'Schemas', show: showSchemas },
}
const listed = ['', 'topics', 'letters', 'groups', 'jobs', 'schemas']

const find = (id: string): HTMLElement => document.getElementById(id) ?? document.body

let left = new AbortController()

const go = (): void => {
  left.abort()
  left = new AbortController()
  const [name = '', ...path] = parseAddress(location.hash)
  const known = Object.hasOwn(views, name) ? name : ''
  const view = views[known]
  if (!view) return
  if (known !== 'topic') openStream(undefined)
  const place = html('div', { class: `view view-${known || 'overview'}` })
  find('main').replaceChildren(place)
  view.show(place, left.signal, path)
  document.title = `${[...path, view.title].join(' ')} · kafka-etl`
  for (const link of find('views').querySelectorAll('a')) {
    const isHere = link.getAttribute('href') === `#/${known}`
    if (isHere) link.setAttribute('aria-current', 'page')
    else link.removeAttribute('aria-current')
  }
}

const showConnection = (): void => {
  const place = find('connection')
  let connection = 'connecting'
  let kafka: boolean | undefined
  const show = (): void => {
    const words =
      connection === 'lost'
        ? 'The console does not answer: retrying'
        : kafka === false
          ? 'Kafka does not answer'
          : connection
    place.dataset.state = connection === 'live' && kafka === false ? 'lost' : connection
    setText(place, words)
  }
  hear('connection', (state) => {
    connection = state
    show()
  })
  hear('state', (state) => {
    kafka = state.kafka.ok
    show()
  })
}

find('views').append(...listed.map((name) => html('a', { href: `#/${name}` }, views[name]?.title ?? '')))
hear('flow', ({ pipeline }) => setText(find('pipeline'), pipeline))
showConnection()
keepStream()
// Its address is a place in the page, not a view.
document.querySelector('.skip')?.addEventListener('click', (event) => {
  event.preventDefault()
  find('main').focus()
})
addEventListener('hashchange', () => {
  go()
  find('main').focus()
  scrollTo(0, 0)
})
go()
