import { setTimeout as sleepFor } from 'node:timers/promises'
import { identifyProcess } from './process-identity.js'
import { supervise, type SupervisedPart } from './supervisor.js'

// `up` starts this detached, with one argument: the part, as JSON. It imports no service code, to stay small.
const part = JSON.parse(process.argv[2] ?? '') as SupervisedPart
const supervisor = identifyProcess(process.pid)
if (supervisor === undefined) throw new Error('expected this process to be listed by the operating system')

const stopping = new AbortController()
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stopping.abort())
process.on('SIGHUP', () => {
  // The terminal of `make` was closed; the stack keeps running.
})

await supervise(part, {
  supervisor,
  stopping: stopping.signal,
  clock: {
    monotonicMs: () => performance.now(),
    sleep: async (ms, signal) => {
      await sleepFor(ms, undefined, signal ? { signal } : {}).catch(() => undefined)
    },
  },
})
