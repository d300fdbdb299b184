import { apiKeys, type ApiName, type RequestFrame } from './kafka-frame.js'

/**
 * What a rule does with its frame. `drop` swallows it, `reset` swallows it and breaks the connection, `hold` keeps it
 * until released.
 */
export const faultActions = [
  'dropRequest',
  'dropResponse',
  'resetRequest',
  'resetResponse',
  'holdRequest',
  'holdResponse',
] as const
export type FaultAction = (typeof faultActions)[number]

/**
 * Which request a rule matches: the `nth` (1: the next) of this API since the rule was set, from clients and with
 * bodies that contain these texts.
 */
export type FaultMatch = {
  readonly api: ApiName
  readonly nth?: number
  /** How many it matches from the nth on; by default 1, Infinity for all. */
  readonly count?: number
  readonly clientId?: string
  /** A text anywhere in the request, such as a transactional id or a topic. */
  readonly body?: string
}

export type FaultRule = {
  readonly action: FaultAction
  /** Resolves when the rule has matched its first request (held or dropped it, or its response). */
  readonly fired: Promise<void>
  /** How many frames it has matched. */
  readonly firedCount: () => number
  /** Releases held frames, in order. Frames whose connection is gone are sent to the broker on a new one. */
  readonly release: () => void
  /** Removes the rule and releases held frames. */
  readonly remove: () => void
}

/** A rule as the proxy sees it. */
export type ArmedRule = {
  readonly rule: FaultRule
  readonly matches: (request: RequestFrame) => boolean
  readonly fire: () => void
  /** Runs `send` now if the rule was released already, otherwise on release. */
  readonly hold: (send: () => void) => void
}

const meets = (match: FaultMatch, request: RequestFrame): boolean =>
  request.apiKey === apiKeys[match.api] &&
  (match.clientId === undefined || request.clientId.includes(match.clientId)) &&
  (match.body === undefined || request.frame.includes(match.body))

/** A rule that counts the requests it sees and picks those that match. */
export const armRule = (action: FaultAction, match: FaultMatch, remove: () => void): ArmedRule => {
  const first = match.nth ?? 1
  const last = first + (match.count ?? 1) - 1
  const held: (() => void)[] = []
  let seenCount = 0
  let firedCount = 0
  let isReleased = false
  let resolveFired: () => void = () => undefined
  const fired = new Promise<void>((resolve) => {
    resolveFired = resolve
  })
  const release = (): void => {
    isReleased = true
    for (const send of held.splice(0)) send()
  }
  const rule: FaultRule = {
    action,
    fired,
    firedCount: () => firedCount,
    release,
    remove: () => {
      remove()
      release()
    },
  }
  return {
    rule,
    matches: (request) => {
      if (!meets(match, request)) return false
      seenCount += 1
      return seenCount >= first && seenCount <= last
    },
    fire: () => {
      firedCount += 1
      resolveFired()
    },
    hold: (send) => {
      if (isReleased) send()
      else held.push(send)
    },
  }
}
