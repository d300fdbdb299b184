import { withBroker } from '../support/site.js'
import { testLostMessages } from './lost-messages.js'

withBroker('an ETL that waits in vain', { proxies: ['etl'] }, (site) => {
  // Without a reset, the client waits 30 s for the response: nothing else may be lost meanwhile.
  const patient = { perSecond: 200, recoversWithinMs: 90_000, keepsRunning: false }
  testLostMessages(site, [
    { action: 'dropRequest', ...patient },
    { action: 'dropResponse', ...patient },
    { action: 'resetRequest', ...patient },
  ])
})
