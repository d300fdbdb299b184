import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatFlinkConfig, formatFlinkLog4j, type FlinkConfigOptions } from './flink-config.js'

/** Flink's configuration, by file name. */
export const formatFlinkFiles = (options: FlinkConfigOptions): Readonly<Record<string, string>> => ({
  'config.yaml': formatFlinkConfig(options),
  'log4j.properties': formatFlinkLog4j('INFO'),
  'gateway-log4j.properties': formatFlinkLog4j('WARN'),
})

/** Writes it to a folder, which is created if missing. */
export const writeFlinkFiles = (folder: string, options: FlinkConfigOptions): void => {
  mkdirSync(folder, { recursive: true })
  for (const [name, content] of Object.entries(formatFlinkFiles(options))) writeFileSync(join(folder, name), content)
}
