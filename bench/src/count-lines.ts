import { createReadStream } from 'node:fs'

const newline = 10

/** How many lines end in a file after its first `fromByte` bytes. */
export const countLines = async (path: string, fromByte = 0): Promise<number> => {
  let count = 0
  for await (const chunk of createReadStream(path, { start: fromByte })) {
    const bytes = chunk as Buffer
    for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) count += 1
  }
  return count
}
