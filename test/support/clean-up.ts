import { afterAll } from '@jest/globals'
import { endLeftovers } from './leftovers.js'

afterAll(endLeftovers, 30_000)
