import { describe, expect, it } from '@jest/globals'
import { planJavaCommand } from '../../src/broker/java-command.js'

describe('planJavaCommand', () => {
  const folder = '/home/josé: a,b %41#/.data'
  const { args, cwd } = planJavaCommand({
    folder,
    jars: `${folder}/jars`,
    options: ['-Xmx64m'],
    log4jFile: 'config/log4j.properties',
    mainClass: 'kafka.Kafka',
    args: ['config/kafka.properties'],
  })

  it('works in the folder and names every file relative to it', () => {
    expect(cwd).toBe(folder)
    expect(args).toEqual([
      '-Xmx64m',
      '-Djava.awt.headless=true',
      '-Dlog4j.configuration=file:config/log4j.properties',
      `-Dkafka-etl.folder=${folder}`,
      '-cp',
      'jars/*',
      'kafka.Kafka',
      'config/kafka.properties',
    ])
  })
})
