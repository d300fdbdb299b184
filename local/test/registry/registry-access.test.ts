import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { ensureRegistryAccess, registryClientEnvironment } from '../../src/registry/registry-access.js'
import { planRegistryCommand } from '../../src/registry/registry-command.js'

const folder = mkdtempSync(join(tmpdir(), 'registry-access-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe("the registry's password", () => {
  it('is made once, and stands in files of their owner alone', () => {
    const { passwordFile, propertiesFile } = ensureRegistryAccess(folder, 0o600)
    const password = readFileSync(passwordFile, 'utf8')
    expect(password).toMatch(/^[\w-]{32}$/)
    ensureRegistryAccess(folder, 0o600)
    expect(readFileSync(passwordFile, 'utf8')).toBe(password)
    expect(readFileSync(propertiesFile, 'utf8')).toContain(`embedded.users.registry=${password}`)
    for (const file of [passwordFile, propertiesFile]) expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(registryClientEnvironment({ passwordFile, propertiesFile })).toMatchObject({
      SCHEMA_REGISTRY_USERNAME: 'registry',
      SCHEMA_REGISTRY_PASSWORD_FILE: passwordFile,
    })
  })

  it('is named to the registry by a path without odd characters', () => {
    const site = { java: 'java', jars: '/odd, #/data/registry-jars', data: '/odd, #/data/registry', port: 8_085 }
    const { environment } = planRegistryCommand({ ...site, accessFile: '/odd, #/data/secure/registry.properties' })
    expect(environment.SMALLRYE_CONFIG_LOCATIONS).toBe('../secure/registry.properties')
    expect(planRegistryCommand(site).environment.SMALLRYE_CONFIG_LOCATIONS).toBeUndefined()
  })
})
