# docker build -t conclave . && docker run --network host conclave
# The host's network: a port of its own per worker, and addresses that browsers reach. Settings as in README.md.
FROM node:22-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY patches patches
RUN npm ci && npm run patch

FROM packages AS worker
COPY native native
COPY scripts scripts
RUN cp "$(node scripts/setup/worker.mjs)" /mediasoup-worker

FROM packages AS built
COPY . .
RUN npm run build:server && npm prune --omit=dev

FROM node:22-bookworm-slim
# What a worker that was built here links to; mediasoup's own needs none of it.
RUN apt-get update \
  && apt-get install -y --no-install-recommends libssl3 libuv1 libabsl20220623 \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=worker /mediasoup-worker /usr/local/bin/mediasoup-worker
COPY --from=built /app/package.json ./
COPY --from=built /app/node_modules node_modules
COPY --from=built /app/dist dist
ENV NODE_ENV=production CONCLAVE_WORKER_BIN=/usr/local/bin/mediasoup-worker
USER node
# Pages and signaling; media, one port per worker.
EXPOSE 4400/tcp 44400-44463/udp 44400-44463/tcp
CMD ["node", "dist/server/main.js"]
