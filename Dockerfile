# One image for each service: docker build --build-arg SERVICE=etl .
# No BuildKit-only syntax, so that engines with the old builder can build it too.
# Pinned by digest where the registry can be asked (docs/operations.md): --build-arg NODE_IMAGE=node@sha256:…
ARG NODE_IMAGE=node:24-bookworm-slim
FROM ${NODE_IMAGE} AS build
WORKDIR /app

# Manifests first: the dependencies are installed anew only when these change.
COPY package.json package-lock.json ./
COPY common-src/package.json common-src/
COPY kafka-src/package.json kafka-src/
COPY pipeline-src/package.json pipeline-src/
COPY pipelines/package.json pipelines/
COPY producer-src/package.json producer-src/
COPY etl-src/package.json etl-src/
COPY reader-src/package.json reader-src/
COPY engine-src/package.json engine-src/
COPY admin-src/package.json admin-src/
COPY console-src/package.json console-src/
COPY local/package.json local/
COPY bench/package.json bench/
COPY patches patches
COPY dependencies.js ./
RUN npm ci --ignore-scripts --no-audit --no-fund \
 && node dependencies.js

COPY tsconfig.base.json bundle.js bundle-plugin.js ./
COPY common-src common-src
COPY kafka-src kafka-src
COPY pipeline-src pipeline-src
COPY pipelines pipelines
COPY producer-src producer-src
COPY etl-src etl-src
COPY engine-src engine-src
COPY reader-src reader-src
COPY console-src console-src
RUN node node_modules/typescript/bin/tsc -b producer-src etl-src reader-src console-src console-src/page pipelines \
 && node bundle.js producer-src etl-src reader-src console-src pipelines image \
 && rm -rf */src */tsconfig* console-src/page

FROM ${NODE_IMAGE}
ENV NODE_ENV=production HTTP_HOST=0.0.0.0
WORKDIR /app
# The bundles hold all but what is loaded when it is needed.
COPY --from=build /app/image/node_modules node_modules
COPY --from=build /app/pipelines pipelines
ARG SERVICE
COPY --from=build /app/${SERVICE}-src ${SERVICE}-src
WORKDIR /app/${SERVICE}-src
# The user `node` of the image, by number: Kubernetes can then see that it is not root.
USER 1000:1000
# No shell and no npm between: SIGTERM reaches the service.
CMD ["node", "dist/main.js"]
