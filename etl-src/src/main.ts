import { prepareProcess } from '@kafka-etl/common/prepare-process'

prepareProcess()
// Not imported statically: that would be loaded before anything here runs.
await import('./service.js')
