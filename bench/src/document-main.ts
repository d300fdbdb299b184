import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Results } from './run-results.js'
import { keepResults, writeDocument } from './document-files.js'
import { foldersOf } from './folders.js'

// Rewrites the document from the stored results, after storing these, if any: `npm run bench:document --
// bench/results/….json`
const folders = foldersOf(resolve(import.meta.dirname, '..', '..'))
const say = (line: string): void => void process.stdout.write(`${line}\n`)
for (const file of process.argv.slice(2)) {
  const kept = await keepResults(folders, JSON.parse(await readFile(file, 'utf8')) as Results)
  say(`${file}: kept ${kept.length === 0 ? 'nothing: no part of the document was measured whole' : kept.join(', ')}`)
}
await writeDocument(folders, say)
