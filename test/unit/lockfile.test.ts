import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'

type Lockfile = {
  readonly packages: Readonly<Record<string, { readonly optionalDependencies?: Record<string, string> }>>
}

const lockfile = JSON.parse(readFileSync(join(__dirname, '../../package-lock.json'), 'utf8')) as Lockfile

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
})
