import type { Job, JobList } from '../src/protocol.js'
import { html, isBeingRead, withCommands } from './dom.js'
import { formatCount, formatDuration } from './format.js'
import { say } from './say.js'
import { ask } from './stream.js'
import { term } from './terms.js'
import type { View } from './view.js'

const againMs = 3_000

/** The jobs of the engine, with their last failures. */
export const showJobs: View = (place, until) => {
  const list = html('div', {})
  place.append(
    html('h1', {}, term('job', 'Jobs')),
    html('p', { class: 'dim' }, 'A job is a SQL file of the pipeline, run by Apache Flink.'),
    list,
  )
  const load = async (): Promise<void> => {
    const { jobs, note } = await ask<JobList>('/api/jobs')
    if (until.aborted || isBeingRead(list)) return
    list.replaceChildren(...jobs.map(describe))
    if (jobs.length === 0)
      list.replaceChildren(
        html('p', {}, ...withCommands(note ?? 'No job yet: the engine submits them when it has started.')),
      )
  }
  say(list, load())
  const timer = setInterval(() => say(list, load()), againMs)
  until.addEventListener('abort', () => clearInterval(timer))
}

const describe = ({
  name,
  file,
  state,
  isWorking,
  restarts,
  checkpointAgeMs,
  runningMs,
  exception,
}: Job): HTMLElement => {
  const checkpoint = checkpointAgeMs === undefined ? 'none yet' : `${formatDuration(checkpointAgeMs)} ago`
  return html(
    'section',
    { class: 'job' },
    html('h2', {}, name),
    html('p', {}, html('strong', {}, isWorking ? state : `${state}, not all of its tasks run`)),
    html(
      'p',
      { class: 'dim' },
      `${file ?? 'no file of this pipeline'}; for ${formatDuration(runningMs)}; ${formatCount(restarts)} `,
      term('restart', restarts === 1 ? 'restart' : 'restarts'),
      '; last ',
      term('checkpoint'),
      ` ${checkpoint}`,
    ),
    exception === undefined ? undefined : html('p', {}, 'Its last failure:'),
    exception === undefined ? undefined : html('pre', { tabindex: 0 }, exception),
  )
}
