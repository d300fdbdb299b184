import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { compileJava } from './java-classes.js'
import { makeTemporaryFolder } from './temporary-folder.js'

/** A wall clock that a test may step while the broker runs, and while it is down. */
export type BrokerClock = {
  /** Classes that precede Kafka's jars on the class path and replace its clock (see broker-clock/SystemTime.java). */
  readonly classes: (jars: string) => Promise<string>
  readonly javaOption: string
  /** Sets the distance of the broker's wall clock from the machine's. */
  readonly step: (offsetMs: number) => Promise<void>
}

/** A clock for `startKafka`, accurate until it is stepped. */
export const createBrokerClock = async (): Promise<BrokerClock> => {
  const folder = await makeTemporaryFolder('clock')
  const file = join(folder, 'offset')
  const write = async (offsetMs: number, flags: string): Promise<void> => {
    const bytes = Buffer.alloc(8)
    bytes.writeBigInt64BE(BigInt(offsetMs))
    // Written in place: the broker has this very file mapped into memory.
    const handle = await open(file, flags)
    await handle.write(bytes, 0, bytes.length, 0)
    await handle.close()
  }
  await write(0, 'w')
  return {
    classes: (jars) => compileJava('broker-clock', jars),
    javaOption: `-Dbroker.clock.file=${file}`,
    step: (offsetMs) => write(offsetMs, 'r+'),
  }
}
