import { execFile, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { presentText, type Environment } from '@kafka-etl/common'
import type { ToolCall } from './kafka-tools.js'
import { StackError } from './stack-error.js'

const run = promisify(execFile)
const largestOutputBytes = 16 * 1024 * 1024

/** The output of `docker compose`. */
export const readCompose = async (root: string, environment: Environment, args: readonly string[]): Promise<string> => {
  const options = { cwd: root, env: environment, maxBuffer: largestOutputBytes }
  return (await run('docker', ['compose', ...args], options)).stdout
}

/** Where Docker keeps images and volumes; `/` if it does not say. */
export const readDockerFolder = async (): Promise<string> => {
  const answer = await run('docker', ['info', '--format', '{{.DockerRootDir}}']).catch(() => undefined)
  return presentText(answer?.stdout.trim()) ?? '/'
}

/** Runs `docker compose` in this terminal. */
export const runCompose = (root: string, environment: Environment, args: readonly string[]): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn('docker', ['compose', ...args], { cwd: root, env: environment, stdio: 'inherit' })
    child.once('error', (error) => reject(new StackError(`docker could not be run: ${error.message}`)))
    child.once('exit', (code, signal) => {
      if (code === 0) resolve()
      else
        reject(
          new StackError(`\`docker compose ${args.join(' ')}\` ended with ${signal ?? `exit code ${code ?? ''}`}.`),
        )
    })
  })

/** Runs a tool in Kafka's container, with this terminal if there is one. */
export const execInKafka = (root: string, environment: Environment, { name, args }: ToolCall): Promise<number> =>
  new Promise((resolve, reject) => {
    const terminal = process.stdin.isTTY && process.stdout.isTTY ? [] : ['--no-TTY']
    const child = spawn('docker', ['compose', 'exec', ...terminal, 'kafka', name, ...args], {
      cwd: root,
      env: environment,
      stdio: 'inherit',
    })
    child.once('error', (error) => reject(new StackError(`docker could not be run: ${error.message}`)))
    child.once('exit', (code) => resolve(code ?? 1))
  })

type FollowComposeOptions = {
  readonly root: string
  readonly environment: Environment
  readonly services: readonly string[]
  readonly stopping: AbortSignal
  readonly print: (line: string) => void
}

// Ctrl-C also reaches Compose, which then ends by itself; following ends with it in any case.
export const followCompose = ({ root, environment, services, stopping, print }: FollowComposeOptions): Promise<void> =>
  new Promise((resolve, reject) => {
    const args = ['compose', 'logs', '--follow', ...services]
    const child = spawn('docker', args, { cwd: root, env: environment, stdio: ['inherit', 'pipe', 'inherit'] })
    createInterface({ input: child.stdout }).on('line', print)
    stopping.addEventListener('abort', () => child.kill('SIGTERM'))
    child.once('error', (error) => reject(new StackError(`docker could not be run: ${error.message}`)))
    child.once('close', () => resolve())
  })
