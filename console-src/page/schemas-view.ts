import type { Subject, SubjectList } from '../src/protocol.js'
import { html, isBeingRead } from './dom.js'
import { plural } from './format.js'
import { say } from './say.js'
import { ask } from './stream.js'
import { term } from './terms.js'
import type { View } from './view.js'

const againMs = 10_000

/** The contents of the registry: the latest version of each subject. */
export const showSchemas: View = (place, until) => {
  const list = html('div', {})
  place.append(
    html('h1', {}, term('schema', 'Schemas')),
    html('p', { class: 'dim' }, 'The latest version of each ', term('subject'), '.'),
    list,
  )
  let shown = ''
  const load = async (): Promise<void> => {
    const answer = await ask<SubjectList>('/api/schemas')
    const text = JSON.stringify(answer)
    // Do not redraw unchanged text: the user may be reading or selecting it.
    if (until.aborted || text === shown || isBeingRead(list)) return
    shown = text
    const { total, subjects, note } = answer
    const count =
      total > subjects.length ? `${subjects.length} of ${plural(total, 'subject')}` : plural(total, 'subject')
    list.replaceChildren(html('p', {}, note ?? `${count}.`), ...subjects.map(describe))
  }
  say(list, load())
  const timer = setInterval(() => say(list, load()), againMs)
  until.addEventListener('abort', () => clearInterval(timer))
}

const describe = ({ name, version, id, type, compatibility, schema }: Subject): HTMLElement => {
  const isText = type !== 'PROTOBUF' || /\s/.test(schema.trim())
  return html(
    'section',
    { class: 'schema' },
    html('h2', {}, name),
    html(
      'p',
      { class: 'dim' },
      `${type}${isText ? '' : ', its descriptor in base64'}, version ${version}, id ${id}, `,
      term('compatibility'),
      ` ${compatibility}`,
    ),
    html('pre', { tabindex: 0 }, layOut(schema)),
  )
}

/** Indents JSON; leaves other text as it is. */
const layOut = (schema: string): string => {
  try {
    return JSON.stringify(JSON.parse(schema), undefined, 2)
  } catch {
    return schema
  }
}
