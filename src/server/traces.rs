//! Sends spans to the collector that OTEL_EXPORTER_OTLP_ENDPOINT names (OTLP over HTTP, in protobuf). The SDK reads the other
//! `OTEL_` variables itself, such as headers, sampling and the delay of a batch.

use std::env;
use std::time::Duration;

use anyhow::Context as _;
use async_trait::async_trait;
use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::resource::{EnvResourceDetector, ResourceBuilder};
use opentelemetry_sdk::trace::SdkTracerProvider;
use tokio::runtime::Handle;
use url::Url;

use crate::clock::Clock;
use crate::log::Throttle;
use crate::spans;

/// Limit for one batch of spans.
const SEND_TIMEOUT: Duration = Duration::from_secs(5);
/// Limit for the last batch.
const END_TIMEOUT: Duration = Duration::from_secs(2);
const NAME: &str = "mfa-portal";

/// The running export.
pub(super) struct Traces(SdkTracerProvider);

impl Traces {
    /// Records spans from now on, if there is a collector.
    pub(super) fn start(collector: Option<&Url>) -> anyhow::Result<Option<Self>> {
        let Some(collector) = collector else { return Ok(None) };
        let sender = Sender {
            http: reqwest::Client::builder().timeout(SEND_TIMEOUT).no_proxy().build()?,
            runtime: Handle::current(),
            failures: Throttle::default(),
        };
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(sender)
            .with_endpoint(format!("{}/v1/traces", collector.as_str().trim_end_matches('/')))
            .with_timeout(SEND_TIMEOUT)
            .build()
            .context("OTEL_EXPORTER_OTLP_ENDPOINT")?;
        let name = env::var("OTEL_SERVICE_NAME").ok().filter(|name| !name.is_empty());
        let resource = Resource::builder_empty()
            .with_service_name(NAME)
            .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
            .with_detector(Box::new(EnvResourceDetector::new()));
        let resource = name.into_iter().fold(resource, ResourceBuilder::with_service_name);
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_resource(resource.build())
            .build();
        spans::install(provider.tracer(NAME));
        Ok(Some(Self(provider)))
    }

    /// Sends the last spans.
    pub(super) async fn end(self) {
        // It waits for the thread that sends.
        let ended = tokio::task::spawn_blocking(move || self.0.shutdown_with_timeout(END_TIMEOUT)).await;
        if !matches!(ended, Ok(Ok(()))) {
            tracing::warn!("shutdown timed out, abandoning spans");
        }
    }
}

/// The SDK sends from a thread of its own, without a runtime.
#[derive(Debug)]
struct Sender {
    http: reqwest::Client,
    runtime: Handle,
    failures: Throttle,
}

#[async_trait]
impl HttpClient for Sender {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (parts, body) = request.into_parts();
        let request =
            self.http.request(parts.method, parts.uri.to_string()).headers(parts.headers).body(body);
        let sent = self.runtime.spawn(async move {
            let response = request.send().await?;
            let answer = Response::builder().status(response.status());
            Ok::<_, reqwest::Error>((answer, response.bytes().await?))
        });
        let answer: Result<_, HttpError> = match sent.await {
            Ok(Ok((answer, body))) => Ok(answer.body(body)?),
            Ok(Err(error)) => Err(error.without_url().into()),
            Err(ended) => Err(ended.into()),
        };
        let failed = answer.as_ref().map_or_else(
            |error| Some(error.to_string()),
            |answer| (!answer.status().is_success()).then(|| format!("status {}", answer.status().as_u16())),
        );
        if let Some((error, count)) =
            failed.and_then(|it| Some((it, self.failures.count(Clock::system().now())?)))
        {
            tracing::warn!(error, count, "spans not sent, collector does not take them");
        }
        answer
    }
}
