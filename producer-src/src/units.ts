/** Creates the function that finds the unit of record `index`, given how many records the first units have. */
export const createUnits =
  (recordsOf: (units: number) => number): ((index: number) => number) =>
  (index) => {
    // Each unit has at least one record.
    let [low, high] = [0, index]
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      if (recordsOf(middle + 1) > index) high = middle
      else low = middle + 1
    }
    return low
  }
