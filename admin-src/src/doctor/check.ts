export const checkStatuses = ['ok', 'warn', 'fail'] as const

/** One line of the doctor: what was checked, the result, and what to do about a problem. */
export type Check = {
  readonly name: string
  readonly status: (typeof checkStatuses)[number]
  readonly message: string
  readonly advice?: string
}
