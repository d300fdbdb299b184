/** The files in RESULTS_DIR. */
export const resultsName = 'results.csv'
export const positionsName = 'results.positions.json'
