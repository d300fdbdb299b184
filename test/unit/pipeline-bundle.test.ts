import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { build } from 'esbuild'
import { withoutUnusedLibraries } from '../../bundle-plugin.js'

const root = join(import.meta.dirname, '../..')

/** The packages in the bundle of a module with this text. */
const packagesOf = async (contents: string): Promise<ReadonlySet<string>> => {
  const { metafile } = await build({
    stdin: { contents, resolveDir: join(root, 'pipelines'), loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    write: false,
    logLevel: 'error',
    metafile: true,
    plugins: [withoutUnusedLibraries],
  })
  const inputs = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs))
  return new Set(inputs.map((path) => /node_modules\/([^/]+)/.exec(path)?.[1]).filter((name) => name !== undefined))
}

describe("a pipeline's bundle", () => {
  it('holds no library at all for the default pipeline', async () => {
    expect(await packagesOf(`export { pipeline } from './timestamps/pipeline.js'`)).toEqual(new Set())
  })

  it('holds the libraries of the formats that it uses, and no others', async () => {
    expect(
      await packagesOf(`import { json, Type } from '@kafka-etl/pipeline'; export const x = json(Type.String())`),
    ).toEqual(new Set(['typebox']))
    expect(
      await packagesOf(`import { csv, Type } from '@kafka-etl/pipeline'; export const x = csv(Type.Object({}))`),
    ).toEqual(new Set(['typebox', 'csv-parse', 'csv-stringify']))
  })
})
