import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { StackError } from '../stack-error.js'

const run = promisify(execFile)
const oldestJava = 17

/** Throws with an instruction if there is no Java 17 or later. */
export const requireJava = async (): Promise<void> => {
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
