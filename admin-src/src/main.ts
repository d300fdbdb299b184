import { join } from 'node:path'
import { runCommandLine } from './command-line.js'

/** Writes to a pipe continue after the call: the process must not end before they are done. */
const exitWhenWritten = (exitCode: number): void => {
  process.stdout.write('', () => process.stderr.write('', () => process.exit(exitCode)))
}

// A reader that closes the pipe early, such as `head`, has seen enough.
process.stdout.on('error', () => process.exit())

void runCommandLine({
  arguments: process.argv.slice(2),
  environment: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  clientId: `admin-${process.pid}`,
  // The bundle is admin-src/dist/main.js.
  root: join(import.meta.dirname, '..', '..'),
  kill: () => process.kill(process.pid, 'SIGKILL'),
}).then(exitWhenWritten)
