import { keepYoungGenerationSmall } from '@kafka-etl/common/young-generation'

keepYoungGenerationSmall()
// Not imported statically: that would be loaded before anything here runs.
void import('./service.js')
