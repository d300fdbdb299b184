import type { Flow, LiveState } from '../src/protocol.js'
import { setText, svg } from './dom.js'
import { toGraph, type FlowEdge, type FlowNode } from './flow-graph.js'
import { boxHeight, boxWidth, layOut, type Box } from './flow-layout.js'
import { describeBox } from './flow-state.js'
import { formatRate, shorten } from './format.js'
import { terms } from './terms.js'

export type FlowView = { readonly element: Element; readonly show: (state: LiveState) => void }

const longestTitle = 20
const longestNumbers = 24
const longestNote = 28

/** Draws the data flow in the available width. */
export const drawFlow = (flow: Flow, availableWidth: number): FlowView => {
  const graph = toGraph(flow)
  const { boxes, width, height } = layOut(graph, availableWidth)
  const boxOf = new Map(boxes.map((box) => [box.node.id, box]))
  const edges = graph.edges.flatMap((edge) => {
    const from = boxOf.get(edge.from)
    const to = boxOf.get(edge.to)
    return from && to ? [drawEdge(edge, from, to)] : []
  })
  const drawn = boxes.map(drawBox)
  const element = svg(
    'svg',
    {
      class: 'flow',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'group',
      'aria-label': 'The path of the data',
    },
    ...edges.map((edge) => edge.element),
    ...drawn.map((box) => box.element),
  )
  return {
    element,
    show: (state) => {
      for (const box of drawn) box.show(state)
      for (const edge of edges) edge.show(state)
    },
  }
}

const hrefOf = ({ kind, topics }: FlowNode): string => {
  if (kind === 'letters') return '#/letters'
  if (kind === 'step') return '#/groups'
  if (kind === 'job') return '#/jobs'
  return `#/topic/${topics[0] ?? ''}`
}

/** Explains a kind of box to newcomers. */
const kinds: Readonly<Record<FlowNode['kind'], string>> = {
  producer: 'The program that sends the sample.',
  topic: terms.topic,
  step: terms.step,
  job: terms.job,
  results: 'The file that the reader writes: one row for each record of the topic.',
  letters: terms['dead letter'],
}

const drawBox = ({ node, x, y }: Box) => {
  const title = svg('text', { class: 'title', x: 10, y: 20 }, shorten(node.title, longestTitle))
  const numbers = svg('text', { class: 'numbers', x: 10, y: 38 })
  const mood = svg('text', { class: 'mood', x: 10, y: 55 })
  const note = svg('text', { class: 'note', x: 10, y: 68 })
  const hint = svg('title', {}, node.title)
  const element = svg(
    'a',
    { class: `box ${node.kind}`, href: hrefOf(node), transform: `translate(${x} ${y})` },
    hint,
    svg('rect', { width: boxWidth, height: boxHeight, rx: 8 }),
    title,
    numbers,
    mood,
    note,
  )
  const show = (state: LiveState): void => {
    const shown = describeBox(node, state)
    element.dataset.mood = shown.mood
    setText(numbers, shorten(shown.numbers, longestNumbers))
    setText(mood, shown.mood)
    setText(note, shorten(shown.note, longestNote))
    const whole = [node.kind, node.title, shown.numbers, shown.mood, shown.note]
      .filter((part) => part !== '')
      .join(', ')
    setText(hint, `${whole}\n${kinds[node.kind]}\n${shown.mood}: ${terms[shown.mood]}`)
  }
  return { element, show }
}

type Point = { readonly x: number; readonly y: number }

/** The path of an arrow, and the position of its number. */
type Course = { readonly line: string; readonly head: string; readonly label: Point; readonly anchor: 'start' | 'end' }

const farDown = 2 * boxHeight

/** Puts the number near the end that no other arrow shares: arrows start at the same box, or meet in a step. */
const planCourse = (from: Box, to: Box, isMeeting: boolean): Course => {
  if (to.x >= from.x + boxWidth) return planAcross(from, to, isMeeting)
  return to.y - from.y > farDown ? planAround(from, to) : planDown(from, to, isMeeting)
}

const planAcross = (from: Box, to: Box, isMeeting: boolean): Course => {
  const start = { x: from.x + boxWidth, y: from.y + boxHeight / 2 }
  const end = { x: to.x, y: to.y + boxHeight / 2 }
  const middle = (start.x + end.x) / 2
  return {
    line: `M${start.x} ${start.y}C${middle} ${start.y} ${middle} ${end.y} ${end.x - 6} ${end.y}`,
    head: `M${end.x - 7} ${end.y - 4}L${end.x - 1} ${end.y}L${end.x - 7} ${end.y + 4}`,
    // On the side from which the line does not come.
    label: isMeeting
      ? { x: start.x + 6, y: end.y < start.y ? start.y + 14 : start.y - 5 }
      : { x: end.x - 8, y: end.y > start.y ? end.y + 16 : end.y - 7 },
    anchor: isMeeting ? 'start' : 'end',
  }
}

const planDown = (from: Box, to: Box, isMeeting: boolean): Course => {
  const start = { x: from.x + boxWidth / 2, y: from.y + boxHeight }
  const end = { x: to.x + boxWidth / 2, y: to.y }
  const middle = (start.y + end.y) / 2
  return {
    line: `M${start.x} ${start.y}C${start.x} ${middle} ${end.x} ${middle} ${end.x} ${end.y - 6}`,
    head: `M${end.x - 4} ${end.y - 7}L${end.x} ${end.y - 1}L${end.x + 4} ${end.y - 7}`,
    label: isMeeting ? { x: start.x + 5, y: start.y + 13 } : { x: end.x + 6, y: end.y - 6 },
    anchor: 'start',
  }
}

/** A path around unrelated boxes in between. */
const planAround = (from: Box, to: Box): Course => {
  const start = { x: from.x + boxWidth, y: from.y + boxHeight / 2 }
  const end = { x: to.x + boxWidth, y: to.y + boxHeight / 2 }
  const side = Math.max(start.x, end.x) + 12
  return {
    line: `M${start.x} ${start.y}C${side} ${start.y} ${side} ${start.y} ${side} ${start.y + 24}V${end.y - 24}C${side} ${end.y} ${side} ${end.y} ${end.x + 6} ${end.y}`,
    head: `M${end.x + 7} ${end.y - 4}L${end.x + 1} ${end.y}L${end.x + 7} ${end.y + 4}`,
    label: { x: side + 3, y: end.y - 12 },
    anchor: 'start',
  }
}

const drawEdge = (edge: FlowEdge, from: Box, to: Box) => {
  const { line, head, label: at, anchor } = planCourse(from, to, edge.to.startsWith('step'))
  const label = svg('text', { class: 'rate', ...at, 'text-anchor': anchor, 'aria-hidden': 'true' })
  const element = svg(
    'g',
    { class: edge.isRejection ? 'edge rejection' : 'edge' },
    svg('path', { class: 'line', d: line }),
    svg('path', { class: 'head', d: head }),
    label,
  )
  const show = ({ topics, kafka }: LiveState): void => {
    const rate = topics.find(({ name }) => name === edge.topic)?.rate
    element.dataset.moving = String(kafka.ok && (rate ?? 0) > 0.05)
    setText(label, rate === undefined ? '' : formatRate(rate))
  }
  return { element, show }
}
