import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Results } from './document.js'
import { writeDocument } from './document-files.js'
import { foldersOf } from './folders.js'

// Writes the document anew from results that are there: `npm run bench:document -- bench/results/….json`
const [file] = process.argv.slice(2)
if (file === undefined) {
  process.stderr.write('expected a file of bench/results, got none\n')
  process.exitCode = 2
} else {
  const results = JSON.parse(await readFile(file, 'utf8')) as Results
  const folders = foldersOf(resolve(import.meta.dirname, '..', '..'))
  await writeDocument(folders, results, (line) => void process.stdout.write(`${line}\n`))
}
