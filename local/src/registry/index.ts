export { planRegistryCommand, type RegistryCommand, type RegistrySite } from './registry-command.js'
export { ensureRegistryJars, registryVersion } from './registry-jars.js'
export { ensureRegistryJava } from './registry-java.js'
export { probeRegistry, registryUrlOf } from './registry-probe.js'
