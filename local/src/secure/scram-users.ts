import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { StackError } from '../stack-error.js'
import { brokerUsers, type BrokerUser, type SecureFolder } from './credentials.js'

const run = promisify(execFile)

export type ScramUsersOptions = {
  readonly jars: string
  readonly zookeeper: string
  readonly files: SecureFolder
}

/**
 * Makes each user known to the broker, past the broker: its own user has to be there before it can start. The passwords
 * go by file, since any process of the machine sees the others' command lines.
 */
export const makeScramUsers = async ({ jars, zookeeper, files }: ScramUsersOptions): Promise<void> => {
  const make = (user: BrokerUser): Promise<unknown> =>
    run('java', [
      '-Xmx64m',
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      '-cp',
      join(jars, '*'),
      'kafka.admin.ConfigCommand',
      ...['--zookeeper', zookeeper, '--alter', '--entity-type', 'users', '--entity-name', user],
      ...['--add-config-file', files.propertiesFileOf(user)],
    ])
  try {
    // Two at a time: each is a Java of its own.
    for (let index = 0; index < brokerUsers.length; index += 2) {
      await Promise.all(brokerUsers.slice(index, index + 2).map(make))
    }
  } catch (error) {
    const output = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error)
    // kafka-configs repeats a password that it does not take.
    const shown = output.trim().replaceAll(/password=[^\s\],]*/g, 'password=(secret)')
    throw new StackError(`The users of the secured broker could not be made in ZooKeeper: ${shown}`)
  }
}
