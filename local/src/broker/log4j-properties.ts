import { formatProperties } from './properties.js'

/** The text of log4j.properties: writes to standard output, without the messages that fill pages at every start. */
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

/** For Kafka's tools: writes warnings to standard error, since standard output is for the result. */
export const formatToolLog4jProperties = (): string =>
  formatProperties({
    'log4j.rootLogger': 'WARN, stderr',
    'log4j.appender.stderr': 'org.apache.log4j.ConsoleAppender',
    'log4j.appender.stderr.target': 'System.err',
    'log4j.appender.stderr.layout': 'org.apache.log4j.PatternLayout',
    'log4j.appender.stderr.layout.ConversionPattern': '%p %m (%c)%n',
  })
