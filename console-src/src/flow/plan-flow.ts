import {
  listResults,
  listRoutes,
  namesOfTopic,
  planTopology,
  type AnyDefinition,
  type TopologyNames,
} from '@kafka-etl/pipeline'
import type { Flow, FlowJob } from '../protocol.js'

/** The data flow of a pipeline, from its definition. */
export const planFlow = (
  definition: AnyDefinition,
  names: TopologyNames,
  settings: object,
  jobs: readonly FlowJob[] = [],
): Flow => {
  const topology = planTopology(definition, names, new Map())
  const results = listResults(definition)
  const namesOf = (alias: string): readonly string[] => {
    const topic = definition.topics[alias]
    return topic ? namesOfTopic(topic) : []
  }
  const ownTopics = topology.topics.map(({ name, alias, isRead, isWritten }) => {
    const file = results.find(({ topic }) => topic === name)?.file
    return { name, alias, isRead, isWritten, resultFile: file === undefined ? undefined : `results/${file}` }
  })
  const known = new Set(ownTopics.map(({ name }) => name))
  const jobTopics = [...new Set(jobs.flatMap(({ reads, writes }) => [...reads, ...writes]))]
    .filter((name) => !known.has(name))
    .map((name) => ({ name, alias: name, isRead: false, isWritten: false, resultFile: undefined }))
  return {
    pipeline: definition.name,
    groupId: topology.groupId,
    topics: [...ownTopics, ...jobTopics],
    routes: listRoutes(definition).flatMap(({ from, to }) =>
      namesOf(from).flatMap((source) => namesOf(to).map((target) => ({ from: source, to: target }))),
    ),
    jobs,
    deadLetterTopic: topology.deadLetters.topic,
    // The producer sends to every topic that gets its records from outside the pipeline.
    sampled: topology.topics.filter(({ isRead, isWritten }) => isRead && !isWritten).map(({ name }) => name),
    zones: findZones(definition, settings),
  }
}

/** For a pipeline that unifies clocks: its setting `inputs` contains the zone of each topic. */
const findZones = (definition: AnyDefinition, settings: object): Flow['zones'] => {
  const inputs: unknown = 'inputs' in settings ? settings.inputs : undefined
  const read = new Set(Object.values(definition.topics).flatMap(namesOfTopic))
  return Array.isArray(inputs) ? inputs.filter(isZoned).filter(({ topic }) => read.has(topic)) : []
}

const isZoned = (input: unknown): input is Flow['zones'][number] =>
  typeof input === 'object' && input !== null && 'topic' in input && 'zone' in input
