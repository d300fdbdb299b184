import { join } from 'node:path'
import { runCommandLine } from './command-line.js'

void runCommandLine({
  arguments: process.argv.slice(2),
  environment: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  clientId: `admin-${process.pid}`,
  // The bundle is admin-src/dist/main.js.
  root: join(import.meta.dirname, '..', '..'),
  kill: () => process.kill(process.pid, 'SIGKILL'),
}).then((exitCode) => {
  // A client that a failure left open must not keep the process alive.
  process.exit(exitCode)
})
