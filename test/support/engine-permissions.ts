import type { MakeStack } from './make.js'

/** What Flink's user may do in a secured stack: `TOPIC sum LITERAL READ,WRITE`, sorted. */
export const listEnginePermissions = async (stack: MakeStack): Promise<readonly string[]> => {
  const list = ['TOOL=kafka-acls', 'ARGS=--list --principal User:engine']
  const { stdout } = await stack.make('kafka-tool', 'SECURE=1', ...list)
  return [...stdout.matchAll(/resourceType=(\w+), name=([^,]+), patternType=(\w+)[^]*?\n\n/g)]
    .map(([lines, type, name, pattern]) => {
      const operations = [...lines.matchAll(/operation=(\w+)/g)].map(([, operation]) => operation)
      return `${type} ${name} ${pattern} ${operations.toSorted().join()}`
    })
    .toSorted()
}

/** What the running sum of `connector` needs, and no more. */
export const sumPermissions: readonly string[] = [
  'GROUP engine-running-sum LITERAL READ',
  'TOPIC connector_updates LITERAL READ',
  'TOPIC sum LITERAL READ,WRITE',
  'TOPIC sum_latest LITERAL READ,WRITE',
  'TRANSACTIONAL_ID engine-running-sum-changes PREFIXED WRITE',
  'TRANSACTIONAL_ID engine-running-sum-latest PREFIXED WRITE',
]
