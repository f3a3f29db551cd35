# docker build -t sigrun . && docker run --rm sigrun
#
# The base can come from a mirror: --build-arg BASE_IMAGE=registry.example/denoland/deno:2.9.6
ARG BASE_IMAGE=denoland/deno:2.9.6
FROM ${BASE_IMAGE}

# An npm mirror, where there is one. It reaches the build only, not the image.
ARG NPM_CONFIG_REGISTRY

# Everything in DENO_DIR and /app belongs to root and is only read later on, so
# that the image runs as any user id.
ENV DENO_DIR=/deno-dir DENO_NO_UPDATE_CHECK=1
USER root
WORKDIR /app

# Dependencies have a layer of their own: it is built again only when one changes.
COPY deno.json deno.lock ./
RUN deno install --frozen

COPY main.ts LICENSE ./
COPY lib lib
COPY experiments experiments

# Runs happen in /data, where the sample's files lie. A folder mounted there takes
# their place. Anyone may write to it, as to /tmp; the modes of a strict umask in
# the source tree are opened for reading.
COPY config.yaml data.csv /data/
RUN deno cache --frozen main.ts lib/cli/commands/*.ts && chmod -R a+rX /app /data && chmod 1777 /data

USER deno
WORKDIR /data
# The permissions are those of the run task in deno.json. Deno itself is quiet: on
# each start it would report that there is no git here.
ENTRYPOINT ["deno", "run", "--quiet", "--config=/app/deno.json", \
    "--no-prompt", "--frozen", "--cached-only", \
    "--allow-read", "--allow-write", "--allow-ffi", "--allow-net", "--allow-run=git", \
    "--allow-env=SIGRUN_RUNS_DIR,SIGRUN_REGISTRY,SIGRUN_REGISTRY_TOKEN,NO_COLOR,TERM", \
    "--allow-sys=hostname,osRelease", "/app/main.ts"]
CMD ["run", "--config", "config.yaml", "--json"]
