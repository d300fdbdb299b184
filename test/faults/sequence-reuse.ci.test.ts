import { expect, it } from '@jest/globals'
import { startServiceProcess } from '../support/service-process.js'
import { withSharedBroker } from '../support/site.js'
import { judgeScene, layOutScene, type Scene } from './scene.js'

const recordsOf = (scene: Scene, from: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    topic: scene.inputTopics[0] ?? '',
    partition: 0,
    value: `{"date":"2024-02-05 10:01:52.${String(100_000 + from + index)} -0500","message":"${1000 + from + index}"}`,
  }))

withSharedBroker(
  'a send that the broker has written and nobody heard of, until the ETL gave it up',
  { proxies: ['etl'] },
  (site) => {
    it('does not make the broker take the next batch of the same size for its repetition', async () => {
      const { kafka, oracle } = site
      const scene = await layOutScene(oracle, 'reuse', 1)
      const proxy = kafka.proxy('etl')
      const { environment } = scene
      const etl = await startServiceProcess({ service: 'etl', bootstrap: proxy.bootstrap, environment })
      await etl.waitForHttp('/ready', 200)
      const follower = oracle.follow(scene.outputTopic)
      await oracle.write(recordsOf(scene, 0, 10))
      await judgeScene(scene)
      proxy.inject('resetResponse', { api: 'produce', count: Number.POSITIVE_INFINITY, body: scene.outputTopic })
      await oracle.write(recordsOf(scene, 10, 10))
      await etl.waitForLine(/gave up a transaction/, { deadlineMs: 90_000 })
      proxy.restore()
      await oracle.write(recordsOf(scene, 20, 10))
      const { unified } = await judgeScene(scene, { follower })
      expect(unified).toHaveLength(30)
      expect(await etl.terminate()).toEqual({ code: 0, signal: null })
    }, 180_000)
  },
)
