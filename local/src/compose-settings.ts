import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { serviceKinds } from './part.js'
import type { Folders } from './folders.js'
import type { StackPipeline } from './stack-pipeline.js'

/**
 * Writes the Compose file that passes a pipeline's own settings to the services' containers, and returns its path;
 * undefined if docker-compose.yml includes them all. The file is JSON, which is valid YAML.
 */
export const writeOwnSettings = (folders: Folders, { settingNames }: StackPipeline): string | undefined => {
  const known = readFileSync(join(folders.root, 'docker-compose.yml'), 'utf8')
  const missing = settingNames.filter((name) => !known.includes(`  ${name}: `))
  if (missing.length === 0) return undefined
  mkdirSync(folders.data, { recursive: true })
  const path = join(folders.data, 'compose.pipeline.yml')
  writeFileSync(path, `${JSON.stringify(formatOwnSettings(missing), undefined, 2)}\n`)
  return path
}

/** An empty value counts as not set: the pipeline's defaults apply. */
const formatOwnSettings = (names: readonly string[]): object => {
  const environment = Object.fromEntries(names.map((name) => [name, `\${${name}-}`]))
  return { services: Object.fromEntries(serviceKinds.map((kind) => [kind, { environment }])) }
}
