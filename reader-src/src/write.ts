import { codeOf, type OpenFile } from './disk.js'

/** Writes all of `bytes`, however many calls it takes. Throws with the code ENOSPC where nothing more fits. */
export const writeFully = async (file: OpenFile, bytes: Buffer, position: number): Promise<void> => {
  for (let done = 0; done < bytes.length;) {
    const written = await file.write(bytes.subarray(done), position + done)
    if (written === 0) throw Object.assign(new Error('ENOSPC: nothing was written'), { code: 'ENOSPC' })
    done += written
  }
}

/** Is called when there is no space left; resolves when it is time to try again, rejects to give up. */
export type WaitForSpace = (error: unknown, attempt: number) => Promise<void>

/** Repeats `operation` for as long as the disk, or the user's share of it, is full. */
export const untilSpace = async <Result>(
  operation: () => Promise<Result>,
  waitForSpace: WaitForSpace,
): Promise<Result> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await operation()
    } catch (error) {
      if (!isFull(error)) throw error
      await waitForSpace(error, attempt)
    }
  }
}

const isFull = (error: unknown): boolean => ['ENOSPC', 'EDQUOT'].includes(codeOf(error))
