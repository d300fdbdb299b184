/** What a browser reports about the origin of a request. */
export type Asker = {
  readonly host: string | undefined
  readonly origin: string | undefined
  /** Sec-Fetch-Site; only browsers send it. */
  readonly fetchSite: string | undefined
}

const ownNames = ['localhost', '127.0.0.1', '[::1]']

/**
 * Why to refuse a request; undefined: it is allowed. Any page can make a browser send requests to 127.0.0.1, under a
 * name that it lets resolve there (DNS rebinding). Only the names of this machine, and scripts of this page, are
 * allowed.
 */
export const findRefusal = (
  { host, origin, fetchSite }: Asker,
  furtherNames: readonly string[],
): string | undefined => {
  const name = /^(\[[0-9a-f:]+\]|[a-z0-9.-]+)(:\d{1,5})?$/.exec(host?.toLowerCase() ?? '')?.[1]
  if (name === undefined || ![...ownNames, ...furtherNames].includes(name)) {
    return 'expected this machine as the host (localhost, 127.0.0.1, [::1], or one of CONSOLE_HOSTS), got another name'
  }
  if (origin !== undefined && origin.toLowerCase() !== `http://${host?.toLowerCase() ?? ''}`) {
    return 'expected a request of this page, got one of another origin'
  }
  const isOwn = fetchSite === undefined || fetchSite === 'same-origin' || fetchSite === 'none'
  return isOwn ? undefined : 'expected a request of this page, got one of another site'
}
