import { createWriteStream } from 'node:fs'
import { isUtf8 } from 'node:buffer'
import { once } from 'node:events'
import { codeOf } from '@kafka-etl/common'
import { formatSource } from '@kafka-etl/kafka'
import type { ConnectedContext } from '../context.js'
import { formatJson, UsageError, type Report } from '../report.js'
import { formatCoordinates, type DeadLetter } from './letter.js'
import { readLetters } from './read-letters.js'
import { requireReasons } from './reasons.js'

/**
 * `dead-letters export`: writes all letters, or those with some reasons, to a file of JSON lines. Keeps an existing
 * file.
 */
export const reportExport = async (
  context: ConnectedContext,
  { path, reasons }: { readonly path: string; readonly reasons: readonly string[] },
): Promise<Report> => {
  requireReasons(context.pipeline, reasons)
  const file = createWriteStream(path, { flags: 'wx' })
  await once(file, 'open').catch((error: unknown) => {
    if (codeOf(error) === 'EEXIST') throw new UsageError(`expected a file that does not exist yet, got ${path}`)
    throw error
  })
  let count = 0
  await readLetters(context, async (letter) => {
    if (reasons.length > 0 && !reasons.includes(letter.reason ?? '')) return
    count++
    if (!file.write(`${formatJson(toJson(letter))}\n`)) await once(file, 'drain')
  })
  file.end()
  await once(file, 'finish')
  return { text: `Wrote ${count} dead letters to ${path}.`, json: { letters: count, path }, exitCode: 0 }
}

const toJson = (letter: DeadLetter): unknown => ({
  letter: formatCoordinates(letter),
  source: letter.source ? formatSource(letter.source) : null,
  reason: letter.reason ?? null,
  message: letter.message,
  rejectedAtMs: letter.rejectedAtMs ?? null,
  originalSize: letter.originalSize ?? null,
  ...bytesToJson('key', letter.key),
  ...bytesToJson('value', letter.value),
  headers: letter.headers.map(({ key, value }) => ({ name: key, base64: value?.toString('base64') ?? null })),
})

/** Text if the bytes are UTF-8, otherwise base64. */
const bytesToJson = (name: string, bytes: Buffer | null): object =>
  bytes === null || isUtf8(bytes)
    ? { [name]: bytes?.toString('utf8') ?? null }
    : { [`${name}Base64`]: bytes.toString('base64') }
