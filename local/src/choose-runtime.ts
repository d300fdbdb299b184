import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { StackError } from './stack-error.js'

const run = promisify(execFile)
const answerMs = 5_000

export type Choice = { readonly runtime: 'docker' | 'local'; readonly why: string }

/** Docker's answer: its versions, or why it is not available. */
export type DockerAnswer =
  | { readonly ok: true; readonly engine: string; readonly compose: string }
  | { readonly ok: false; readonly why: string }

/** Docker if an engine and Compose respond, otherwise local, unless the user has chosen. */
export const chooseRuntime = (asked: 'auto' | 'docker' | 'local', docker: DockerAnswer): Choice => {
  if (asked !== 'auto') return { runtime: asked, why: 'as RUNTIME says' }
  return docker.ok
    ? { runtime: 'docker', why: `a Docker engine (${docker.engine}) with Compose ${docker.compose} answers` }
    : { runtime: 'local', why: docker.why }
}

/** Asks the engine and Compose for their versions, for at most 5 s. */
export const askDocker = async (): Promise<DockerAnswer> => {
  const options = { timeout: answerMs }
  const engine = await run('docker', ['info', '--format', '{{.ServerVersion}}'], options).catch(() => undefined)
  // Without an engine, old versions of `docker info` exit with 0 and print no version.
  if (!engine || engine.stdout.trim() === '') return { ok: false, why: 'no Docker engine answers' }
  const compose = await run('docker', ['compose', 'version', '--short'], options).catch(() => undefined)
  if (!compose) return { ok: false, why: 'a Docker engine answers, but `docker compose` (version 2) is missing' }
  return { ok: true, engine: engine.stdout.trim(), compose: compose.stdout.trim() }
}

/** Reports `RUNTIME=docker` without an engine in one sentence, instead of Compose's message. */
export const requireDocker = (choice: Choice, docker: DockerAnswer): void => {
  if (choice.runtime === 'docker' && !docker.ok) {
    throw new StackError(`RUNTIME=docker was asked for, but ${docker.why}: start one, or use RUNTIME=local.`)
  }
}
