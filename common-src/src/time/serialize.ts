/** Creates a queue: each task starts once the previous one has settled, whether it succeeded or failed. */
export const serialize = (): (<T>(task: () => Promise<T>) => Promise<T>) => {
  let last: Promise<unknown> = Promise.resolve()
  return (task) => {
    const result = last.then(task)
    last = result.catch(() => undefined)
    return result
  }
}
