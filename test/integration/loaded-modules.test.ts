import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from '@jest/globals'
import { repositoryRoot } from '../support/repository.js'

const run = promisify(execFile)

const dist = (service: string): string => join(repositoryRoot, `${service}-src`, 'dist')

/** The modules of a service's one file, as the comments in it name them. */
const listBundled = (service: string): readonly string[] =>
  [...readFileSync(join(dist(service), 'service.js'), 'utf8').matchAll(/^\/\/ (\S+\.[jt]s)$/gm)].map(
    ([, path = '']) => path,
  )

type Loaded = { readonly builtins: readonly string[]; readonly files: readonly string[] }

const tellAtExit = `process.on('exit', () => {
  const files = Object.keys(process.getBuiltinModule('node:module')._cache)
  process.stdout.write(JSON.stringify({ builtins: process.moduleLoadList, files }))
})`

/** What a service has loaded before it does anything: wrong settings end it then. */
const listLoaded = async (service: string): Promise<Loaded> => {
  const args = ['--import', `data:text/javascript,${encodeURIComponent(tellAtExit)}`, join(dist(service), 'main.js')]
  const ended = run(process.execPath, args, { env: { ...process.env, KAFKA_BROKERS: 'none', NODE_OPTIONS: '' } })
  const { code, stdout } = await ended.then(
    () => ({ code: 0, stdout: '' }),
    (error: unknown) => error as { code: number; stdout: string },
  )
  expect(code).toBe(2)
  return JSON.parse(stdout) as Loaded
}

// Each of them is megabytes of a service's memory at rest and milliseconds of its start: docs/benchmarks.md.
describe.each(['producer', 'etl', 'reader'])('the %s', (service) => {
  it('is loaded from two files', async () => {
    const { files } = await listLoaded(service)
    expect(files).toEqual([join(dist(service), 'main.js'), join(dist(service), 'service.js')])
  })

  it('loads TLS, HTTP/2, fetch, LZ4, tracing, colours and progress bars only when it needs them', async () => {
    const { builtins } = await listLoaded(service)
    expect(builtins).toContain('NativeModule net')
    expect(builtins).not.toContain('NativeModule tls')
    expect(builtins).not.toContain('NativeModule http2')
    expect(builtins).not.toContain('NativeModule internal/deps/undici/undici')
    const bundled = listBundled(service)
    expect(bundled).toContain('node_modules/kafkajs/src/index.js')
    const unneeded = /\/(lz4js|date-fns\/index|@opentelemetry|pino-pretty|cli-progress)\b/
    expect(bundled.filter((path) => unneeded.test(path))).toEqual([])
  })

  it('does not make Node load all that its own modules could do, as an import of them would', async () => {
    const { builtins } = await listLoaded(service)
    expect(builtins).not.toContain('NativeModule internal/util/parse_args/parse_args')
    expect(builtins).not.toContain('NativeModule internal/process/report')
  })
})
