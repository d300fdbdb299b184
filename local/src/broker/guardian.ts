import { spawn } from 'node:child_process'
import { Socket } from 'node:net'
import type { Writable } from 'node:stream'

/**
 * A shell that outlives this process by an instant. Its standard input closes when the process ends in any way, even by
 * kill -9. Then it kills every process that is still on its list.
 */
const script = `
pids=" "
while read -r verb pid; do
  case $verb in
    guard) pids="$pids$pid " ;;
    release) pids=$(printf %s "$pids" | sed "s/ $pid / /") ;;
  esac
done
for pid in $pids; do kill -9 "$pid" 2>/dev/null; done
exit 0
`

let guardian: Writable | undefined

const start = (): Writable => {
  // A separate session: Ctrl-C in the terminal must not end the guardian before the guarded processes.
  const child = spawn('sh', ['-c', script], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  child.unref()
  // The guardian's pipe must not keep this process alive.
  if (child.stdin instanceof Socket) child.stdin.unref()
  return child.stdin
}

const tell = (verb: 'guard' | 'release', pid: number): void => {
  guardian ??= start()
  guardian.write(`${verb} ${pid}\n`)
}

/** Makes the guardian kill the process when this process ends. */
export const guard = (pid: number): void => tell('guard', pid)

/** Takes an ended process off the list: another process may soon get its number. */
export const release = (pid: number): void => tell('release', pid)
