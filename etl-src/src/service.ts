import { hostname } from 'node:os'
import { runService } from '@kafka-etl/common'
import { createEtl } from './etl.js'
import { etlSettings } from './settings.js'

void runService({
  name: 'etl',
  httpPort: 9465,
  table: etlSettings,
  instance: ({ instance }) => (instance === 'hostname' ? hostname() : instance),
  create: createEtl,
})
