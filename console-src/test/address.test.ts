import { expect, it } from '@jest/globals'
import { parseAddress } from '../page/address.js'

it.each([
  ['', []],
  ['#main', []],
  ['#/', ['']],
  ['#/topic/orders', ['topic', 'orders']],
  ['#/topic/a%20b', ['topic', 'a b']],
  ['#/topic/%', ['topic', '%']],
])('reads the address %j', (hash, parts) => expect(parseAddress(hash)).toEqual(parts))
