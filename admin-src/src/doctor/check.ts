export const checkStatuses = ['ok', 'warn', 'fail'] as const

/** One line of the doctor: what was looked at, how it is, and what to do where it is not well. */
export type Check = {
  readonly name: string
  readonly status: (typeof checkStatuses)[number]
  readonly message: string
  readonly advice?: string
}
