import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Candidate } from './candidate.js'
import type { Folders } from './folders.js'
import { describeFailure, peerEnvironment } from './peer-environment.js'

const run = promisify(execFile)

export const kafkaStreamsVersion = '3.9.1'

const targetOf = (folders: Folders): string => join(folders.data, 'kafka-streams')

const prepare = async (folders: Folders, say: (line: string) => void): Promise<string | undefined> => {
  const project = join(folders.bench, 'peers', 'kafka-streams')
  const target = targetOf(folders)
  try {
    say('building the Kafka Streams peer with Maven')
    const copy = 'org.apache.maven.plugins:maven-dependency-plugin:copy-dependencies'
    await run('mvn', ['-q', '-B', '-f', join(project, 'pom.xml'), copy, `-DoutputDirectory=${target}/lib`])
    const sources = join(project, 'src', 'main')
    await run('javac', ['-d', `${target}/classes`, '-cp', `${target}/lib/*`, join(sources, 'java', 'Etl.java')])
    return undefined
  } catch (error) {
    return describeFailure(error)
  }
}

type Guarantee = 'exactly_once_v2' | 'at_least_once'

/** Kafka Streams with one output partition, which is faster than with two; commits each 100 ms. */
const createKafkaStreamsPeer = (name: string, guarantee: Guarantee, described: string): Candidate => ({
  name,
  title: `Kafka Streams ${kafkaStreamsVersion}, ${guarantee}`,
  guarantee: described,
  checkLevel: 'value',
  outputPartitions: () => 1,
  prepare,
  commands: (job) => {
    const { bench, data } = job.folders
    const log4j = `-Dlog4j.configuration=file:${join(bench, 'java', 'log4j.properties')}`
    const classes = `${targetOf(job.folders)}/classes:${targetOf(job.folders)}/lib/*`
    const environment = {
      ...peerEnvironment(job),
      GUARANTEE: guarantee,
      STATE_DIR: join(data, 'kafka-streams', 'state'),
      THREADS: '1',
      LINGER_MS: '5',
    }
    return [{ command: 'java', args: ['-Xmx512m', log4j, '-cp', classes, 'Etl'], cwd: data, environment }]
  },
})

export const kafkaStreamsPeers: readonly Candidate[] = [
  createKafkaStreamsPeer('streams-exactly-once', 'exactly_once_v2', 'exactly once'),
  createKafkaStreamsPeer('streams-at-least-once', 'at_least_once', 'at least once'),
]
