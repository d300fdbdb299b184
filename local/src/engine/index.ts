/** Flink from its jars, as in the stack without Docker: for the benchmarks and the tests. */
export { planEngineEnvironment } from './engine-environment.js'
export { readJobStatus } from './engine-status.js'
export { planJobManagerCommand, planTaskManagerCommand, type FlinkSite } from './flink-commands.js'
export { writeFlinkFiles } from './flink-files.js'
export { ensureFlink } from './flink-jars.js'
