import { planGatewayCommand, planJobManagerCommand, type FlinkSite } from './flink-commands.js'

export type EngineServicePlace = {
  readonly pipeline: string
  /** Of Kafka: host:port. */
  readonly bootstrap: string
  readonly httpPort: number
  /** Of Flink's REST API. */
  readonly restPort: number
  /** Where the state of all pipelines is. */
  readonly stateDir: string
}

/** The environment of the engine service beside a Flink; it starts the SQL gateway as its own child. */
export const planEngineEnvironment = (
  site: FlinkSite,
  { pipeline, bootstrap, httpPort, restPort, stateDir }: EngineServicePlace,
): Readonly<Record<string, string>> => ({
  PIPELINE: pipeline,
  KAFKA_BROKERS: bootstrap,
  HTTP_PORT: String(httpPort),
  ENGINE_REST_URL: `http://127.0.0.1:${restPort}`,
  ENGINE_GATEWAY_COMMAND: JSON.stringify(planGatewayCommand(site)),
  ENGINE_STATE_DIR: stateDir,
  // For the gateway.
  ...planJobManagerCommand(site).environment,
})
