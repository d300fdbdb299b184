import { startPipedChild, type ChildOptions, type PipedChild } from '@kafka-etl/local/broker'
import { endAfterTests } from './leftovers.js'

export type { Exit } from '@kafka-etl/local/broker'

/** A running process that ends with the test run. */
export type Child = PipedChild

/** Starts a process, which ends at the latest after the tests of this file. */
export const startChild = async (options: ChildOptions): Promise<Child> => endWithTests(await startPipedChild(options))

/** Makes sure that a process is killed after the tests of this file, whatever their outcome. */
export const endWithTests = <C extends Pick<Child, 'kill9' | 'exit'>>(child: C): C => {
  void child.exit.then(endAfterTests(child.kill9))
  return child
}
