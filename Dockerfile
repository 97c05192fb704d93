# Builds the portal and puts its one binary into a small image. The emulated tenant is not part of it.
FROM rust:1.95-slim-bookworm AS build
WORKDIR /build
# aws-lc and SQLite are compiled from C; the rest needs Rust alone.
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*
COPY Cargo.toml Cargo.lock build.rs ./
# The workspace's members must be there for Cargo to read it; nothing of them is built.
COPY tests/stage/Cargo.toml tests/stage/Cargo.toml
COPY tests/tenant/Cargo.toml tests/tenant/Cargo.toml
COPY tests/web/Cargo.toml tests/web/Cargo.toml
RUN mkdir -p tests/stage/src tests/tenant/src && touch tests/stage/src/lib.rs tests/tenant/src/lib.rs tests/web/main.rs
COPY src src
COPY static static
COPY templates templates
RUN cargo build --release --locked --package mfa-portal --bin mfa-portal

FROM debian:bookworm-slim
# The tenant's certificate is checked against these roots.
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 65532 --home-dir /data portal && install -d -o portal /data
COPY --from=build /build/target/release/mfa-portal /usr/local/bin/mfa-portal
USER 65532
WORKDIR /data
# Inside a container the pages are for the network outside; publish 3001 to your own monitoring only.
ENV LISTEN=0.0.0.0:3000 ADMIN_LISTEN=0.0.0.0:3001
EXPOSE 3000 3001
ENTRYPOINT ["/usr/local/bin/mfa-portal"]
CMD ["serve"]
