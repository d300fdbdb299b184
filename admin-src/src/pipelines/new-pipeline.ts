import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError, type Report } from '../report.js'
import { templateOf } from './pipeline-template.js'

const pipelineName = /^[a-z][a-z0-9-]{0,62}$/

/** `pipelines new`: creates a working pipeline in pipelines/, with a sample and a test. */
export const reportNewPipeline = (folder: string, name: string): Report => {
  if (!pipelineName.test(name)) {
    throw new UsageError(
      `expected a name of lower-case letters, digits and hyphens that starts with a letter, got ${name}`,
    )
  }
  const target = join(folder, name)
  if (existsSync(target)) throw new UsageError(`expected a name that no pipeline has, got ${name}: ${target} exists`)
  mkdirSync(target)
  const files = templateOf(name)
  for (const [file, text] of Object.entries(files)) writeFileSync(join(target, file), text)
  const lines = [
    ...Object.keys(files).map((file) => `made pipelines/${name}/${file}`),
    `Test it:  npx jest --selectProjects unit --testPathPatterns pipelines/${name}`,
    `Run it:   make PIPELINE=${name}`,
  ]
  return { text: lines.join('\n'), json: { name, files: Object.keys(files) }, exitCode: 0 }
}
