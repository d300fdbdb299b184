import { runService } from '@kafka-etl/common'
import { createEtl } from './etl.js'
import { etlSettings } from './settings.js'

await runService({ name: 'etl', httpPort: 9465, table: etlSettings, create: createEtl })
