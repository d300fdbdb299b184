// Loaded with --import into a service under test. On SIGUSR2, its wall clock steps by CLOCK_STEP_MS.
const { CLOCK_STEP_MS = '0' } = process.env
const RealDate = Date
let shiftMs = 0
process.once('SIGUSR2', () => {
  shiftMs = Number(CLOCK_STEP_MS)
})
globalThis.Date = class extends RealDate {
  constructor(...values) {
    if (values.length === 0) super(RealDate.now() + shiftMs)
    else super(...values)
  }
  static now() {
    return RealDate.now() + shiftMs
  }
}
