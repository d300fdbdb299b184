import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { repositoryRoot } from '../support/repository.js'
import { startServiceProcess, type ServiceProcess } from '../support/service-process.js'
import { withBroker } from '../support/site.js'
import { waitFor } from '../support/wait-for.js'
import { checkConfiguration, checkMetrics, startPrometheus, testRules, type Prometheus } from './prometheus.js'

type Dashboard = {
  readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[]
}

const dashboard = JSON.parse(
  readFileSync(join(repositoryRoot, 'monitoring/grafana/dashboards/kafka-etl.json'), 'utf8'),
) as Dashboard
/** Fills in variables as Grafana does, with every pipeline and topic. */
const fillIn = (expression: string): string =>
  expression.replaceAll('$__rate_interval', '10s').replaceAll(/\$(?:pipeline|topic)\b/g, '.*')
const expressions = dashboard.panels.flatMap(({ title, targets }) =>
  targets.map(({ expr }) => [title, fillIn(expr)] as const),
)

withBroker('Prometheus beside the running services', {}, (site) => {
  let services: readonly ServiceProcess[]
  let prometheus: Prometheus
  beforeAll(async () => {
    const { bootstrap } = site.kafka
    services = await Promise.all([
      startServiceProcess({
        service: 'producer',
        bootstrap,
        environment: { PRODUCER_RATE: '50', PRODUCER_COUNT: '0' },
      }),
      startServiceProcess({ service: 'etl', bootstrap }),
      startServiceProcess({ service: 'reader', bootstrap }),
    ])
    await Promise.all(services.map((service) => service.waitForHttp('/ready', 200)))
    const [producer, etl, reader] = services.map(({ httpUrl }) => [httpUrl.replace('http://', '')])
    prometheus = await startPrometheus({ producer: producer ?? [], etl: etl ?? [], reader: reader ?? [] })
    await site.oracle.write([{ topic: 'timezone1', partition: 0, value: 'no JSON' }])
  }, 180_000)
  afterAll(async () => {
    await Promise.all(services.map((service) => service.terminate()))
  }, 60_000)

  it('takes the configuration of the Compose stack', async () => {
    expect(await checkConfiguration(join(repositoryRoot, 'monitoring/prometheus.yml'))).toContain('SUCCESS')
  })

  it('has alarms that fire for their pipeline, and for no other', async () => {
    expect(await testRules(join(repositoryRoot, 'monitoring/alerts.test.yml'))).toContain('SUCCESS')
  })

  it.each([0, 1, 2])('finds no fault with the metrics of service %d', async (index) => {
    const page = await (await fetch(`${services[index]?.httpUrl ?? ''}/metrics`)).text()
    expect(page).toContain('# TYPE process_cpu_seconds_total counter')
    expect(await checkMetrics(page)).toBe('')
  })

  it('reads every service', async () => {
    const isUp = async (): Promise<boolean> => (await prometheus.query('up == 1')).length === 3
    await waitFor(isUp, { what: 'three services that are up' })
  }, 40_000)

  it.each(expressions)(
    'has something to show for "%s": %s',
    async (_, expression) => {
      const show = async (): Promise<boolean> => {
        // A dead letter now and then: a series that stopped still has a rate, but one that never existed has none.
        const samples = await prometheus.query(expression)
        return samples.length > 0 && samples.every(({ value: [, text] }) => Number.isFinite(Number(text)))
      }
      await waitFor(show, { what: `${expression} to have a value`, deadlineMs: 30_000, everyMs: 500 })
    },
    40_000,
  )
})
