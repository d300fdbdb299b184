import type { Flow, LiveState } from '../src/protocol.js'
import { drawChart } from './charts.js'
import { html, withCommands } from './dom.js'
import { moods } from './flow-state.js'
import { drawFlow, type FlowView } from './flow-view.js'
import { formatCount, formatDuration, formatRate } from './format.js'
import { hear, known } from './store.js'
import { drawClocks } from './clocks.js'
import { term } from './terms.js'
import type { View } from './view.js'

/** What is stalled or failing, the drawing, and the charts. */
export const showOverview: View = (place, until) => {
  const drawing = html('div', { class: 'drawing' })
  const advice = html('p', { class: 'advice' })
  const clocks = html('div', {})
  place.append(
    html('h1', {}, 'The path of the data'),
    html(
      'p',
      { class: 'dim' },
      'Each box is a ',
      term('topic'),
      ', a program or a file; each arrow shows ',
      term('record', 'records'),
      ' a second. Rejected records branch off as ',
      term('dead letter', 'dead letters'),
      '. A box leads to what is in it, and says in a word how it does: ',
      ...moods.flatMap((mood, index) => [index === 0 ? '' : ', ', term(mood)]),
      '.',
    ),
    advice,
    html('div', { class: 'panel' }, drawing),
  )
  const charts = html('div', { class: 'charts' }, ...drawCharts(until))
  let view: FlowView | undefined
  let advised = ''
  const draw = (flow: Flow): void => {
    view = drawFlow(flow, drawing.clientWidth)
    drawing.replaceChildren(view.element)
    const state = known('state')
    if (state) view.show(state)
  }
  const takeFlow = (flow: Flow): void => {
    draw(flow)
    drawClocks(clocks, flow, until)
    // Append these only after the drawing: until its height is known, it would push them away.
    if (!charts.isConnected) place.append(clocks, charts)
  }
  const takeState = (state: LiveState): void => {
    view?.show(state)
    const text = advise(state)
    if (text === advised) return
    advised = text
    advice.replaceChildren(...withCommands(text))
  }
  hear('flow', takeFlow, until)
  hear('state', takeState, until)
  let width = drawing.clientWidth
  const resize = new ResizeObserver(() => {
    const flow = known('flow')
    if (!flow || drawing.clientWidth === width) return
    width = drawing.clientWidth
    draw(flow)
  })
  resize.observe(drawing)
  until.addEventListener('abort', () => resize.disconnect())
}

/** What a newcomer should know now: why nothing moves, or that everything does. */
export const advise = ({ kafka, topics, missing, group }: LiveState): string => {
  if (!kafka.ok)
    return `Kafka does not answer: ${kafka.reason}. The numbers are the last known ones. \`make\` starts the stack; this page finds it again by itself.`
  if (missing.length > 0)
    return `Not there yet: ${missing.join(', ')}. The services create their topics when they start: \`make\`.`
  if (topics.every(({ records }) => records === 0))
    return 'No records yet: `make` sends a sample, or write some of your own.'
  if (group?.members === 0) return 'No ETL is running: `make` starts it.'
  const estimated = topics.filter(({ isExact }) => !isExact).map(({ name }) => name)
  if (estimated.length > 0) return `Counted in part, the rest is estimated: ${estimated.join(', ')}.`
  return topics.some(({ rate }) => rate > 0.05)
    ? 'Records are moving.'
    : 'All records are handled; none are arriving at present.'
}

const drawCharts = (until: AbortSignal): readonly HTMLElement[] => {
  const prefixed = (prefix: string) => (names: readonly string[]) =>
    names.filter((name) => name.startsWith(prefix)).map((name) => ({ name, label: name.slice(prefix.length) }))
  const only = (labels: Readonly<Record<string, string>>) => (names: readonly string[]) =>
    Object.entries(labels).flatMap(([name, label]) => (names.includes(name) ? [{ name, label }] : []))
  return [
    drawChart(
      {
        title: 'Records a second',
        label: 'Chart: records a second by topic',
        pick: prefixed('rate:'),
        format: formatRate,
        room: 'many',
      },
      until,
    ),
    drawChart(
      {
        title: term('lag', 'Lag'),
        label: 'Chart: records that wait to be handled',
        pick: only({ lag: 'records' }),
        format: formatCount,
        room: 'few',
      },
      until,
    ),
    drawChart(
      {
        title: term('lag', 'Lag in time'),
        label: 'Chart: how long the oldest waiting record has waited',
        pick: only({ lagSeconds: 'oldest waiting' }),
        format: (seconds) => formatDuration(seconds * 1_000),
        room: 'few',
      },
      until,
    ),
    drawChart(
      {
        title: term('delay', 'Delay from event to result'),
        label: 'Chart: delay, p50 and p99, of samples',
        pick: only({ p50: 'p50', p99: 'p99' }),
        format: formatDuration,
        room: 'few',
      },
      until,
    ),
    drawChart(
      {
        title: 'Dead letters by reason',
        label: 'Chart: dead letters by reason',
        pick: prefixed('reason:'),
        format: formatCount,
        room: 'many',
      },
      until,
    ),
  ]
}
