# Builds the portal into an image without shell, package manager or root, and without the emulated tenant.
FROM docker.io/library/rust:1.95-slim-bookworm AS build
WORKDIR /build

# Dependencies change seldom, so they are compiled in a layer of their own. Cargo reads the manifests of all workspace
# members; none of them is built.
COPY Cargo.toml Cargo.lock ./
COPY .cargo .cargo
COPY emulated-tenant/Cargo.toml emulated-tenant/
COPY tests/fuzz/Cargo.toml tests/fuzz/
COPY tests/load/Cargo.toml tests/load/
COPY tests/stage/Cargo.toml tests/stage/
COPY tests/web/Cargo.toml tests/web/
RUN mkdir -p src emulated-tenant/src tests/load/src/bin tests/stage/src \
    && touch src/lib.rs emulated-tenant/src/lib.rs tests/stage/src/lib.rs tests/fuzz/main.rs tests/web/main.rs \
    && echo 'fn main() {}' > src/main.rs \
    && cp src/main.rs tests/load/src/ \
    && cp src/main.rs tests/load/src/bin/counted_portal.rs \
    && cp src/main.rs build.rs \
    && cargo build --release --locked --package mfa-portal --bin mfa-portal

COPY build.rs ./
COPY build build
COPY deploy/npm deploy/npm
COPY src src
COPY static static
COPY templates templates
# For --version: --build-arg MFA_PORTAL_COMMIT=$(git rev-parse --short=12 HEAD)
ARG MFA_PORTAL_COMMIT
# Cargo compares modification times, and these files may be older than the empty ones above.
RUN touch build.rs src/lib.rs src/main.rs \
    && cargo build --release --locked --package mfa-portal --bin mfa-portal \
    && mkdir /data \
    && cp "$(gcc -print-file-name=libgcc_s.so.1)" /

# glibc, the root certificates for the tenant's TLS, and an unprivileged user.
FROM gcr.io/distroless/base-nossl-debian12:nonroot
# The one library that the base lacks. It unwinds panics, so that one broken page does not end the process.
COPY --from=build /libgcc_s.so.1 /usr/lib/
COPY --from=build --chown=65532:65532 /data /data
COPY --from=build /build/target/release/mfa-portal /usr/local/bin/
USER 65532:65532
WORKDIR /data
# The only directory that is written to, and only with SESSION_STORE=sqlite:…; the rest may be read-only.
VOLUME /data
# The pages must be reachable from outside the container. Publish 3001 to your monitoring only.
ENV LISTEN=0.0.0.0:3000 ADMIN_LISTEN=0.0.0.0:3001
EXPOSE 3000 3001
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["/usr/local/bin/mfa-portal", "health"]
ENTRYPOINT ["/usr/local/bin/mfa-portal"]
CMD ["serve"]
