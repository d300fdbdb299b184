import { withSharedBroker } from '../support/site.js'
import { testLostMessages } from './lost-messages.js'

withSharedBroker('an ETL whose connection breaks before it has the answer', { proxies: ['etl'] }, (site) => {
  testLostMessages(site, [{ action: 'resetResponse', perSecond: 500, recoversWithinMs: 15_000, keepsRunning: true }])
})
