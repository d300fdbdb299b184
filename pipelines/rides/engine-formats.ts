import { Type } from '@kafka-etl/pipeline'
import { Ride } from './formats.js'

/** How many rides a vendor has had so far. */
export const VendorCount = Type.Object({ vendor_id: Type.String(), rides: Type.Integer() })

/** Epoch ms: the start of the window, and its end (exclusive). */
const window = { window_start: Type.Integer(), window_end: Type.Integer() }

export const VendorWindow = Type.Object({ ...window, vendor_id: Type.String(), rides: Type.Integer() })

export const LocationWindow = Type.Object({ ...window, pu_location_id: Type.Integer(), rides: Type.Integer() })

/** A ride whose window had already ended when it came; `missed` is the topic of that window. */
export const LateRide = Type.Object({
  missed: Type.String(),
  ...window,
  ride: Type.String(),
  vendor_id: Type.String(),
  pu_location_id: Type.Integer(),
  pickup_ms: Type.Integer(),
})

const name = Type.Union([Type.String(), Type.Null()])

/** Null if no zone with this id is known. */
export const RideWithZone = Type.Object({ ...Ride.properties, borough: name, zone: name })
