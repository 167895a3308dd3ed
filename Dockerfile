# fear-nas with its native engine, for a user who may do little.
#
#   docker build -t fear-nas .
#   docker run --rm -v "$PWD:/work" fear-nas search my.yaml
#
# Runs leave their results in /work/results. Add --user "$(id -u):$(id -g)" if your user id is not 1000.
FROM node:22-slim AS build
RUN apt-get update \
  && apt-get install --yes --no-install-recommends g++ \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY scripts scripts
COPY native native
RUN node scripts/build-native.mjs
COPY tsconfig.json tsconfig.build.json ./
COPY src src
RUN npm run build && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:22-slim
ENV NODE_ENV=production FEAR_NAS_NO_BUILD=1
COPY --from=build /app/package.json /app/
COPY --from=build /app/node_modules /app/node_modules
COPY --from=build /app/build /app/build
COPY --from=build /app/native/wasm /app/native/wasm
COPY --from=build /app/dist /app/dist
COPY search-configs /app/search-configs
RUN ln -s /app/dist/cli/main.js /usr/local/bin/fear-nas \
  && chmod 755 /app/dist/cli/main.js \
  && install --directory --owner=node --group=node /work
USER node
WORKDIR /work
ENTRYPOINT ["fear-nas"]
CMD ["--help"]
