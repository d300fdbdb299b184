/** A UTC offset as `%z` prints it: `-0500`, or `-045602` if it has seconds. */
export const formatOffset = (offsetSeconds: number): string => {
  const total = Math.abs(offsetSeconds)
  const parts = [Math.floor(total / 3600), Math.floor(total / 60) % 60]
  if (total % 60 !== 0) parts.push(total % 60)
  return `${offsetSeconds < 0 ? '-' : '+'}${parts.map((part) => String(part).padStart(2, '0')).join('')}`
}
