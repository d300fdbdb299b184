import { execFile } from 'node:child_process'
import { relative } from 'node:path'
import { promisify } from 'node:util'
import { planJavaCommand, smallJvm } from '../broker/java-command.js'
import { StackError } from '../stack-error.js'
import { brokerUsers, type BrokerUser, type SecureFolder } from './credentials.js'
import { jaasOption } from './zookeeper-access.js'

const run = promisify(execFile)

export type ScramUsersOptions = {
  /** A folder that contains all the files, whose names are relative to it. */
  readonly folder: string
  readonly jars: string
  readonly zookeeper: string
  readonly files: SecureFolder
  /** The login to ZooKeeper, if it requires one. */
  readonly jaasFile?: string
}

/**
 * Creates each user without going through the broker, since the broker's own user must exist before it can start.
 * Passwords are passed by file: any process of the machine sees the command lines of others.
 */
export const makeScramUsers = async ({
  folder,
  jars,
  zookeeper,
  files,
  jaasFile,
}: ScramUsersOptions): Promise<void> => {
  const make = (user: BrokerUser): Promise<unknown> => {
    const { command, args, cwd, environment } = planJavaCommand({
      folder,
      jars,
      options: [...smallJvm(64), ...(jaasFile === undefined ? [] : [jaasOption(relative(folder, jaasFile))])],
      mainClass: 'kafka.admin.ConfigCommand',
      args: [
        ...['--zookeeper', zookeeper, '--alter', '--entity-type', 'users', '--entity-name', user],
        ...['--add-config-file', relative(folder, files.propertiesFileOf(user))],
      ],
    })
    return run(command, [...args], { cwd, env: { ...process.env, ...environment } })
  }
  try {
    // Two at a time: each runs in its own Java process.
    for (let index = 0; index < brokerUsers.length; index += 2) {
      await Promise.all(brokerUsers.slice(index, index + 2).map(make))
    }
  } catch (error) {
    const output = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error)
    // kafka-configs repeats a password that it rejects.
    const shown = output.trim().replaceAll(/password=[^\s\],]*/g, 'password=(secret)')
    throw new StackError(`The users of the secured broker could not be made in ZooKeeper: ${shown}`)
  }
}
