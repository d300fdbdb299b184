import { keepYoungGenerationSmall } from '@kafka-etl/common/young-generation'

keepYoungGenerationSmall()
// A static import would load the service before the line above runs.
void import('./service.js')
