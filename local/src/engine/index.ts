/** Flink from its jars: for the benchmarks, as the stack without Docker runs it. */
export { planGatewayCommand, planJobManagerCommand, planTaskManagerCommand, type FlinkSite } from './flink-commands.js'
export { formatFlinkConfig, formatFlinkLog4j } from './flink-config.js'
export { ensureFlink } from './flink-jars.js'
