import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import process from 'node:process'
import { URL } from 'node:url'

/*
 * For images: downloads Flink's Kafka connector from Maven Central into the given folder and checks it against
 * jars.sha256, as the stack without Docker does. The image then needs no Maven.
 */
const [, , folder = '.'] = process.argv
const central = 'https://repo.maven.apache.org/maven2/org/apache/flink'
const hashes = await readFile(new URL('jars.sha256', import.meta.url), 'utf8')
const [, expected, version] = /^(\S+) {2}flink-sql-connector-kafka-(\S+)\.jar$/m.exec(hashes) ?? []
const file = `flink-sql-connector-kafka-${version}.jar`

const response = await globalThis.fetch(`${central}/flink-sql-connector-kafka/${version}/${file}`)
if (!response.ok) throw new Error(`expected ${file} from Maven Central, got ${response.status}`)
const jar = Buffer.from(await response.arrayBuffer())
const found = createHash('sha256').update(jar).digest('hex')
if (found !== expected) throw new Error(`expected ${file} with SHA-256 ${expected}, got ${found}`)
await writeFile(`${folder}/${file}`, jar)
