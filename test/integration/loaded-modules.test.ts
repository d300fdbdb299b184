import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from '@jest/globals'
import { repositoryRoot } from '../support/repository.js'

const run = promisify(execFile)

type Loaded = { readonly builtins: readonly string[]; readonly files: readonly string[] }

/** What a service has loaded before it has done anything. */
const listLoaded = async (service: string): Promise<Loaded> => {
  const entry = join(repositoryRoot, `${service}-src`, 'dist', `${service}.js`)
  const script = `
    import { createRequire } from 'node:module'
    await import(${JSON.stringify(entry)})
    const files = Object.keys(createRequire(import.meta.url).cache)
    process.stdout.write(JSON.stringify({ builtins: process.moduleLoadList, files }))`
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script])
  return JSON.parse(stdout) as Loaded
}

// Each of them is megabytes of a service's memory at rest and milliseconds of its start: docs/benchmarks.md.
describe.each(['producer', 'etl', 'reader'])('the %s', (service) => {
  it('loads TLS, HTTP/2, fetch, LZ4, tracing, colours and progress bars only when it needs them', async () => {
    const { builtins, files } = await listLoaded(service)
    expect(builtins).toContain('NativeModule net')
    expect(builtins).not.toContain('NativeModule tls')
    expect(builtins).not.toContain('NativeModule http2')
    expect(builtins).not.toContain('NativeModule internal/deps/undici/undici')
    const unneeded = /\/(lz4js|date-fns\/index|@opentelemetry|pino-pretty|cli-progress)\b/
    expect(files.filter((file) => unneeded.test(file))).toEqual([])
  })
})
