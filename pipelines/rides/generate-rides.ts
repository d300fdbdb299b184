import { makeRide } from './make-ride.js'
import { formatRidesCsv } from './rides-csv.js'
import { rideCount, ridesSeed } from './sample.js'

/*
 * Prints rides.csv:
 *   npx esbuild pipelines/rides/generate-rides.ts --bundle --platform=node --format=cjs \
 *     --log-level=error --define:import.meta.dirname='"pipelines/rides"' | node > rides.csv && mv rides.csv pipelines/rides/
 */
process.stdout.write(formatRidesCsv(Array.from({ length: rideCount }, (_, index) => makeRide(index, ridesSeed))))
