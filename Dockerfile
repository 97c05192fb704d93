# Builds the portal and puts its one binary into an image without shell, package manager or root. The emulated tenant is
# no part of it.
FROM docker.io/library/rust:1.95-slim-bookworm AS build
WORKDIR /build

# What the portal is built upon changes seldom: it is compiled once, and then taken from this layer. The workspace's
# members must be there for Cargo to read it; nothing of them is built.
COPY Cargo.toml Cargo.lock ./
COPY emulated-tenant/Cargo.toml emulated-tenant/
COPY tests/load/Cargo.toml tests/load/
COPY tests/stage/Cargo.toml tests/stage/
COPY tests/web/Cargo.toml tests/web/
RUN mkdir -p src emulated-tenant/src tests/load/src tests/stage/src \
    && touch src/lib.rs emulated-tenant/src/lib.rs tests/stage/src/lib.rs tests/web/main.rs \
    && echo 'fn main() {}' > src/main.rs \
    && cp src/main.rs tests/load/src/ \
    && cp src/main.rs build.rs \
    && cargo build --release --locked --package mfa-portal --bin mfa-portal

COPY .cargo .cargo
COPY build.rs ./
COPY build build
COPY src src
COPY static static
COPY templates templates
# For --version: --build-arg MFA_PORTAL_COMMIT=$(git rev-parse --short=12 HEAD)
ARG MFA_PORTAL_COMMIT
# Cargo goes by the time of a file, and these may be older than the empty ones before them.
RUN touch build.rs src/lib.rs src/main.rs \
    && cargo build --release --locked --package mfa-portal --bin mfa-portal \
    && mkdir /data \
    && cp "$(gcc -print-file-name=libgcc_s.so.1)" /

# glibc, the roots that the tenant's certificate is checked against, and a user without rights.
FROM gcr.io/distroless/base-nossl-debian12:nonroot
# Unwinds a panic, so that one broken page does not end the process; the one library that is not in the base.
COPY --from=build /libgcc_s.so.1 /usr/lib/
COPY --from=build --chown=65532:65532 /data /data
COPY --from=build /build/target/release/mfa-portal /usr/local/bin/
USER 65532:65532
WORKDIR /data
# The one place that is written to, and only with SESSION_STORE=sqlite:…; everything else may be read-only.
VOLUME /data
# Inside a container the pages are for the network outside; publish 3001 to your own monitoring only.
ENV LISTEN=0.0.0.0:3000 ADMIN_LISTEN=0.0.0.0:3001
EXPOSE 3000 3001
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["/usr/local/bin/mfa-portal", "health"]
ENTRYPOINT ["/usr/local/bin/mfa-portal"]
CMD ["serve"]
