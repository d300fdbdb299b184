import { planGatewayCommand, planJobManagerCommand, type FlinkSite } from './flink-commands.js'

export type EngineServicePlace = {
  readonly pipeline: string
  /** Kafka's host:port. */
  readonly bootstrap: string
  readonly httpPort: number
  /** The port of Flink's REST API. */
  readonly restPort: number
  /** The state folder of all pipelines. */
  readonly stateDir: string
}

/** The environment of the engine service next to a Flink; the service starts the SQL gateway as its child. */
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
