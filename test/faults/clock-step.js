// Loaded with --import into a service under test: its wall clock steps by CLOCK_STEP_MS, CLOCK_STEP_AFTER_MS after its start.
import { performance } from 'node:perf_hooks'

const { CLOCK_STEP_MS = '0', CLOCK_STEP_AFTER_MS = '0' } = process.env
const RealDate = Date
const startedMs = performance.now()
const shift = () => (performance.now() - startedMs >= Number(CLOCK_STEP_AFTER_MS) ? Number(CLOCK_STEP_MS) : 0)
globalThis.Date = class extends RealDate {
  constructor(...values) {
    if (values.length === 0) super(RealDate.now() + shift())
    else super(...values)
  }
  static now() {
    return RealDate.now() + shift()
  }
}
