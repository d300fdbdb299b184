import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Candidate } from './candidate.js'

const run = promisify(execFile)

/** Two kcat pipes that copy bytes without reading them: the limit of the broker and the machine. */
export const copyPeer: Candidate = {
  name: 'copy',
  title: 'copy only (two kcat pipes): the limit',
  guarantee: 'none',
  checkLevel: 'count',
  outputPartitions: (partitionsPerTopic) => 2 * partitionsPerTopic,
  prepare: () =>
    run('kcat', ['-V']).then(
      () => undefined,
      () => 'expected kcat on the PATH, found none (Debian, Ubuntu: apt install kcat)',
    ),
  commands: ({ bootstrap, inputs, output, folders }) =>
    inputs.map((input, index) => ({
      command: 'sh',
      args: [
        '-c',
        `kcat -b ${bootstrap} -C -t ${input} -o beginning -e -q | kcat -b ${bootstrap} -P -t ${output} -p ${index}`,
      ],
      cwd: folders.data,
    })),
}
