import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Command } from './child.js'
import type { Folders } from './folders.js'
import { describeFailure } from './peer-environment.js'

const run = promisify(execFile)

export const kafkaStreamsVersion = '3.9.1'

export type Guarantee = 'exactly_once_v2' | 'at_least_once'

const targetOf = (folders: Folders): string => join(folders.data, 'kafka-streams')

/** Downloads the libraries and compiles the peers: one class with a `main` for each of them. */
export const prepareKafkaStreams = async (
  folders: Folders,
  say: (line: string) => void,
): Promise<string | undefined> => {
  const project = join(folders.bench, 'peers', 'kafka-streams')
  const target = targetOf(folders)
  try {
    say('building the Kafka Streams peer with Maven')
    const copy = 'org.apache.maven.plugins:maven-dependency-plugin:copy-dependencies'
    await run('mvn', ['-q', '-B', '-f', join(project, 'pom.xml'), copy, `-DoutputDirectory=${target}/lib`])
    const sources = join(project, 'src', 'main', 'java')
    const files = (await readdir(sources)).map((name) => join(sources, name))
    await run('javac', ['-d', `${target}/classes`, '-cp', `${target}/lib/*`, ...files])
    return undefined
  } catch (error) {
    return describeFailure(error)
  }
}

/** One process with one thread, unless the environment overrides it. */
export const runKafkaStreams = (
  mainClass: string,
  guarantee: Guarantee,
  { folders }: { readonly folders: Folders },
  environment: Readonly<Record<string, string>>,
): Command => {
  const { bench, data } = folders
  const log4j = `-Dlog4j.configuration=file:${join(bench, 'java', 'log4j.properties')}`
  const classes = `${targetOf(folders)}/classes:${targetOf(folders)}/lib/*`
  return {
    command: 'java',
    args: ['-Xmx512m', log4j, '-cp', classes, mainClass],
    cwd: data,
    environment: {
      GUARANTEE: guarantee,
      STATE_DIR: join(data, 'kafka-streams', 'state'),
      THREADS: '1',
      LINGER_MS: '5',
      ...environment,
    },
  }
}
