import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { runCommand, type CommandContext } from '../src/commands.js'
import { planFolders } from '../src/folders.js'
import { loadStackSettings } from '../src/stack-settings.js'

describe('make results', () => {
  it('shows a row in one line, without the characters that would steer a terminal', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'commands-'))
    const loaded = loadStackSettings({ RESULTS_DIR: folder })
    if (!loaded.ok) throw new Error(loaded.faults.join())
    const row = '1,"\u001b]0;owned\u0007\u009b2J\u202e\nsecond line",2,1'
    writeFileSync(join(folder, 'results.csv'), `timestamp,message,time,diff\n${row}\n`)
    const printed: string[] = []
    const context = {
      settings: loaded.settings,
      folders: planFolders('/repository', loaded.settings),
      print: (line: string) => void printed.push(line),
      loadPipeline: () => ({ name: 'timestamps', results: [{ file: 'results.csv' }] }),
    }
    await runCommand('results', context as unknown as CommandContext)
    rmSync(folder, { recursive: true })
    expect(printed).toEqual([
      'timestamp,message,time,diff',
      '1,"\\u001b]0;owned\\u0007\\u009b2J\\u202e\\u000asecond line",2,1',
      `1 row in ${folder}/results.csv`,
    ])
  })
})
