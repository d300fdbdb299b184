import { spawn } from 'node:child_process'
import { Socket } from 'node:net'
import type { Writable } from 'node:stream'

/**
 * A shell that outlives this process by an instant: its standard input closes when the process ends, however it ends
 * (a kill -9 included), and then it kills every process that is still on its list.
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
  // A session of its own: Ctrl-C in the terminal must not end the guardian before those that it guards.
  const child = spawn('sh', ['-c', script], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  child.unref()
  // Nor may its pipe keep this process alive.
  if (child.stdin instanceof Socket) child.stdin.unref()
  return child.stdin
}

const tell = (verb: 'guard' | 'release', pid: number): void => {
  guardian ??= start()
  guardian.write(`${verb} ${pid}\n`)
}

/** Has the process killed when this process ends. */
export const guard = (pid: number): void => tell('guard', pid)

/** Takes an ended process off the list: its number may soon be somebody else's. */
export const release = (pid: number): void => tell('release', pid)
