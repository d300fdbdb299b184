import { execFile } from 'node:child_process'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { StackError } from './stack-error.js'

const run = promisify(execFile)
const oldestJava = 17

/** Fetches Kafka's and ZooKeeper's jars once, and anew when pom.xml has changed. `say` gets one line when it does. */
export const ensureJars = async (pom: string, jars: string, say: (line: string) => void): Promise<void> => {
  await requireJava()
  const wanted = await readFile(pom, 'utf8')
  const present = await readFile(join(jars, 'pom.xml'), 'utf8').catch(() => '')
  if (present === wanted) return
  await requireMaven()
  say(`Fetching the jars of Kafka and ZooKeeper into ${jars} (once, about 100 MB; a minute or so)`)
  const incoming = `${jars}.${process.pid}`
  await mkdir(incoming, { recursive: true })
  try {
    const goal = 'org.apache.maven.plugins:maven-dependency-plugin:copy-dependencies'
    await run('mvn', ['-q', '-B', '-f', pom, goal, `-DoutputDirectory=${incoming}`, '-DincludeScope=runtime'])
    // Written last: a fetch that was interrupted is not taken for a whole one.
    await writeFile(join(incoming, 'pom.xml'), wanted)
    await rm(jars, { recursive: true, force: true })
    await rename(incoming, jars)
  } catch (error) {
    throw new StackError(`Maven could not fetch the jars that ${pom} names: ${outputOf(error)}`)
  } finally {
    await rm(incoming, { recursive: true, force: true })
  }
}

const requireJava = async (): Promise<void> => {
  const install = `install Java ${oldestJava} or later (Debian, Ubuntu: apt install openjdk-17-jre-headless; macOS: brew install openjdk), or start a Docker engine and use RUNTIME=docker`
  const version = await run('java', ['-version']).catch(() => undefined)
  if (!version) throw new StackError(`The local runtime needs Java, and there is no command \`java\`: ${install}.`)
  const major = parseJavaVersion(version.stderr + version.stdout)
  if (major !== undefined && major < oldestJava) {
    throw new StackError(
      `The local runtime needs Java ${oldestJava} or later, and \`java\` is version ${major}: ${install}.`,
    )
  }
}

/** `openjdk version "17.0.15" 2025-04-15` → 17; Java 8 calls itself 1.8. */
export const parseJavaVersion = (output: string): number | undefined => {
  const [, first, second] = /version "(\d+)(?:\.(\d+))?/.exec(output) ?? []
  const major = Number(first === '1' ? second : first)
  return Number.isNaN(major) ? undefined : major
}

const requireMaven = async (): Promise<void> => {
  await run('mvn', ['-v']).catch(() => {
    throw new StackError(
      'The local runtime needs Maven to fetch Kafka, once, and there is no command `mvn`: install it (Debian, Ubuntu: apt install maven; macOS: brew install maven), or start a Docker engine and use RUNTIME=docker.',
    )
  })
}

const outputOf = (error: unknown): string =>
  error instanceof Error && 'stdout' in error
    ? String(error.stdout).trim().split('\n').slice(-5).join('\n')
    : String(error)
