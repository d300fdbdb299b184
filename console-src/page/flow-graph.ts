import type { Flow } from '../src/protocol.js'

/** A box of the drawing. */
export type FlowNode = {
  readonly id: string
  readonly kind: 'producer' | 'topic' | 'step' | 'job' | 'results' | 'letters'
  readonly title: string
  /** The topics that the box represents or reads. */
  readonly topics: readonly string[]
}

export type FlowEdge = {
  readonly from: string
  readonly to: string
  readonly isRejection: boolean
  readonly topic: string
}

export type FlowGraph = { readonly nodes: readonly FlowNode[]; readonly edges: readonly FlowEdge[] }

/** The boxes and arrows of a pipeline. Topics whose steps write the same topics share a step. */
export const toGraph = (flow: Flow): FlowGraph => {
  const read = flow.topics.filter(({ isRead }) => isRead)
  const targetsOf = (name: string): readonly string[] =>
    flow.routes.filter(({ from }) => from === name).map(({ to }) => to)
  const steps = Map.groupBy(read, ({ name }) => targetsOf(name).toSorted().join(' '))
  const nodes: FlowNode[] = []
  const edges: FlowEdge[] = []
  if (flow.sampled.length > 0) {
    nodes.push({ id: 'producer', kind: 'producer', title: 'producer', topics: flow.sampled })
    edges.push(...flow.sampled.map((topic) => ({ from: 'producer', to: `topic ${topic}`, isRejection: false, topic })))
  }
  nodes.push(
    ...flow.topics.map(({ name }) => ({ id: `topic ${name}`, kind: 'topic' as const, title: name, topics: [name] })),
  )
  for (const [targets, inputs] of steps) {
    const id = `step ${inputs[0]?.name ?? ''}`
    const title = steps.size === 1 ? 'etl' : `step ${inputs[0]?.alias ?? ''}`
    nodes.push({ id, kind: 'step', title, topics: inputs.map(({ name }) => name) })
    edges.push(...inputs.map(({ name }) => ({ from: `topic ${name}`, to: id, isRejection: false, topic: name })))
    const outputs = targets === '' ? [] : targets.split(' ')
    edges.push(...outputs.map((topic) => ({ from: id, to: `topic ${topic}`, isRejection: false, topic })))
    edges.push({ from: id, to: 'letters', isRejection: true, topic: flow.deadLetterTopic })
  }
  for (const { name, reads, writes } of flow.jobs) {
    const id = `job ${name}`
    nodes.push({ id, kind: 'job', title: name, topics: reads })
    edges.push(
      ...reads.map((topic) => ({ from: `topic ${topic}`, to: id, isRejection: false, topic })),
      ...writes.map((topic) => ({ from: id, to: `topic ${topic}`, isRejection: false, topic })),
    )
  }
  for (const { name, resultFile } of flow.topics) {
    if (resultFile === undefined) continue
    const id = `results ${name}`
    nodes.push({ id, kind: 'results', title: resultFile, topics: [name] })
    edges.push({ from: `topic ${name}`, to: id, isRejection: false, topic: name })
  }
  if (read.length > 0)
    nodes.push({ id: 'letters', kind: 'letters', title: flow.deadLetterTopic, topics: [flow.deadLetterTopic] })
  return { nodes, edges }
}
