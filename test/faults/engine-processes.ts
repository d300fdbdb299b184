import { readdirSync, readFileSync } from 'node:fs'

/** The resident memory of a process in MiB. Throws if the process is gone. */
export const residentMb = (pid: number): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024

export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** The SQL gateway of the engine in a test's folder; it runs only while something is submitted. */
export const findGateway = (folder: string): number | undefined =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .find((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
        return (
          words[0]?.endsWith('java') &&
          words.includes(`-Dkafka-etl.folder=${folder}`) &&
          words.includes('org.apache.flink.table.gateway.SqlGateway')
        )
      } catch {
        return false
      }
    })
