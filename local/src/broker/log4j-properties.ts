import { formatProperties } from './properties.js'

/** The text of log4j.properties: to standard output, without what fills pages at every start. */
export const formatLog4jProperties = (): string =>
  formatProperties({
    'log4j.rootLogger': 'INFO, stdout',
    'log4j.appender.stdout': 'org.apache.log4j.ConsoleAppender',
    'log4j.appender.stdout.layout': 'org.apache.log4j.PatternLayout',
    'log4j.appender.stdout.layout.ConversionPattern': '[%d] %p %m (%c)%n',
    'log4j.logger.kafka.server.KafkaConfig': 'WARN',
    'log4j.logger.org.apache.kafka.common.config.AbstractConfig': 'WARN',
    'log4j.logger.org.apache.zookeeper.server': 'WARN',
    'log4j.logger.org.apache.zookeeper.ZooKeeper': 'WARN',
  })

/** The file of {@link formatToolLog4jProperties}. */
export const toolLog4jName = 'tools-log4j.properties'

/** Of Kafka's tools: warnings, to standard error, since standard output is the answer. */
export const formatToolLog4jProperties = (): string =>
  formatProperties({
    'log4j.rootLogger': 'WARN, stderr',
    'log4j.appender.stderr': 'org.apache.log4j.ConsoleAppender',
    'log4j.appender.stderr.target': 'System.err',
    'log4j.appender.stderr.layout': 'org.apache.log4j.PatternLayout',
    'log4j.appender.stderr.layout.ConversionPattern': '%p %m (%c)%n',
  })
