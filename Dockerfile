# Slipstream's own image: the aggregator, the simulator and every other command. docker-compose.yml builds it; docs/deploy.md shows how to build, run,
# upgrade and go back.
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY . .
# The first install builds dist/. The second leaves what the command line needs, in the versions of the lock file.
# It also leaves links to the workspaces that only tests need.
RUN npm ci \
  && npm ci --omit=dev --ignore-scripts --workspace packages/cli \
  && rm -rf packages/testing packages/*/src node_modules/@slipstream/testing node_modules/slipstream-*

FROM node:24.21.0-bookworm-slim
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/packages ./packages
# A new volume gets owner and mode of the folder that it covers first. /secrets and /init are for docker-compose.yml: group 9480 reads
# secrets, and 10001 is the user that QuestDB runs as there. 1000 is the user `node`.
RUN mkdir -m 700 /data && chown 1000:1000 /data \
  && mkdir -p /secrets/token /secrets/redis /secrets/questdb /secrets/questdb-reader /secrets/grafana \
  && chown 1000:9480 /secrets/* && chmod 2750 /secrets/* \
  && mkdir -p /init/questdb && chown 10001:10001 /init/questdb
USER node
VOLUME /data
EXPOSE 9480
ENV SLIPSTREAM_DATA_DIR=/data
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:9480/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# As in the first line of slipstream.js.
ENV MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=1048576
ENTRYPOINT ["node", "--max-semi-space-size=4", "--heap-growing-percent=100", "--no-allocation-site-pretenuring", "packages/cli/bin/slipstream.js"]
# Other machines reach it, so it does not start without a token (SLIPSTREAM_TOKEN, or `token` of the configuration file).
CMD ["aggregate", "--host", "0.0.0.0", "--log-format", "json"]
