import { execFile } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { ensureJars } from '@kafka-etl/local/broker'
import { compileJava } from '../java-classes.js'
import { cacheFolder, repositoryRoot } from '../repository.js'

/** The results of Avro's Java library for a value: two frames in hex, the second with lists in blocks, and a text. */
export type JavaAnswer = { readonly frame: string; readonly inBlocks: string; readonly text: string }

/** The id of the schema in the frames of `AvroSide.java`. */
export const javaSchemaId = 7

/** Makes the library read these lines, which are frames in hex or Avro's JSON, and write them again. */
export const askJava = async (schema: object, lines: readonly string[]): Promise<readonly JavaAnswer[]> => {
  const jars = join(cacheFolder, 'avro-1.12.0')
  await ensureJars({
    pom: join(repositoryRoot, 'test', 'support', 'java-avro', 'pom.xml'),
    folder: jars,
    what: "Avro's jars",
    say: () => undefined,
  })
  const classes = await compileJava('java-avro', jars)
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const args = ['-cp', [classes, join(jars, '*')].join(delimiter), 'AvroSide', JSON.stringify(schema)]
  const child = execFile('java', args, { maxBuffer: 64 * 1_048_576 }, (error, stdout, stderr) => {
    if (error) reject(new Error(stderr))
    else resolve(stdout)
  })
  child.stdin?.end(lines.map((line) => `${line}\n`).join(''))
  const answers = (await promise).trimEnd().split('\n')
  return answers.map((answer) => {
    const [frame = '', inBlocks = '', text = ''] = answer.split('\t')
    return { frame, inBlocks, text }
  })
}
