//! A tenant that is unreachable, is no tenant, or describes itself wrongly.

use std::time::Duration;

use emulated_tenant::{Clock, Fault, FaultKind};
use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;

use super::{check, tenant, tenant_at};
use crate::support::process::free_address;
use crate::support::tls::Tls;

const DISCOVERY: &str = "/.well-known/openid-configuration";
const KEYS: &str = "/.well-known/jwks.json";

#[tokio::test]
async fn a_nonexistent_domain_is_reported() {
    let report = check(&tenant().await, &[("AUTH0_DOMAIN", "exmaple.eu.auth0.invalid")]).await;
    report.assert_only_failure(
        "Tenant",
        "there is no host named exmaple.eu.auth0.invalid",
        "Correct AUTH0_DOMAIN",
    );
    report.assert_unknown("MFA grant", "the tenant cannot be reached");
    report.assert_unknown("Audience", "the tenant cannot be reached");
}

#[tokio::test]
async fn a_refused_connection_is_reported() {
    let nobody = free_address();
    let report = check(&tenant().await, &[("AUTH0_DOMAIN", nobody.as_str())]).await;
    let cause = format!("127.0.0.1 does not accept connections on port {}", nobody.port().unwrap());
    report.assert_only_failure("Tenant", &cause, "firewall");
}

// H-08
#[tokio::test]
async fn a_certificate_from_an_unknown_ca_is_reported() {
    let tenant = tenant().await;
    let tls = Tls::listen(&["localhost"]).await;
    tls.forward_to(&tenant.url());
    let report = check(&tenant, &[("AUTH0_DOMAIN", &tls.url())]).await;
    report.assert_only_failure("Tenant", "TLS fails: cannot connect", "SSL_CERT_FILE");
    assert!(report.line("Tenant").detail.contains("UnknownIssuer"), "{}", report.output);
}

#[tokio::test]
async fn a_certificate_for_another_name_is_reported() {
    let tenant = tenant().await;
    let tls = Tls::listen(&["login.example.com"]).await;
    tls.forward_to(&tenant.url());
    let ca = tls.ca_file();
    let report = check(&tenant, &[("AUTH0_DOMAIN", &tls.url()), ("SSL_CERT_FILE", ca)]).await;
    report.assert_only_failure("Tenant", "not valid for name \"localhost\"", "Branding → Custom Domains");
}

#[tokio::test]
async fn a_ca_named_in_ssl_cert_file_is_trusted() {
    let tenant = tenant().await;
    let tls = Tls::listen(&["localhost"]).await;
    tls.forward_to(&tenant.url());
    let report = check(&tenant, &[("AUTH0_DOMAIN", &tls.url()), ("SSL_CERT_FILE", tls.ca_file())]).await;
    assert_eq!(report.line("Tenant").outcome, "ok", "{}", report.output);
}

#[tokio::test]
async fn a_plain_http_server_behind_an_https_url_is_reported() {
    let tenant = tenant().await;
    let plain = tenant.url().as_str().replace("http:", "https:");
    let report = check(&tenant, &[("AUTH0_DOMAIN", &plain)]).await;
    report.assert_only_failure("Tenant", "accepts connections, but TLS fails", "its certificate ready");
}

#[tokio::test]
async fn a_host_that_hangs_up_is_reported() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            // The client may have closed the connection first.
            let _ = stream.shutdown().await;
        }
    });
    let report = check(&tenant().await, &[("AUTH0_DOMAIN", &address)]).await;
    report.assert_only_failure("Tenant", "accepts connections, but does not answer", "firewall");
}

#[tokio::test]
async fn a_domain_that_is_no_tenant_is_reported() {
    let tenant = tenant().await;
    let not_found = FaultKind::html(404, "<h1>Not found</h1>");
    tenant.faults().inject(Fault::new("GET", DISCOVERY, not_found));
    let report = check(&tenant, &[]).await;
    report.assert_only_failure(
        "Issuer",
        "is not an Auth0 tenant: it answers a request for its discovery document with status 404",
        "Set AUTH0_DOMAIN to the Domain",
    );
}

#[tokio::test]
async fn a_domain_that_serves_another_page_is_reported() {
    let tenant = tenant().await;
    tenant.faults().inject(Fault::new("GET", DISCOVERY, FaultKind::html(200, "<h1>Welcome</h1>")));
    let report = check(&tenant, &[]).await;
    report.assert_only_failure(
        "Issuer",
        "what it sends is not a discovery document",
        "Set AUTH0_DOMAIN to the Domain",
    );
}

#[tokio::test]
async fn a_custom_domain_proxy_without_cname_api_key_is_reported() {
    let tenant = tenant().await;
    tenant.tamper_discovery(|document| document["issuer"] = json!("https://example.eu.auth0.com/"));
    let report = check(&tenant, &[]).await;
    report.assert_only_failure(
        "Issuer",
        "the issuer there is \"https://example.eu.auth0.com/\"",
        "cname-api-key",
    );
}

#[tokio::test]
async fn a_domain_that_only_redirects_is_reported() {
    let tenant = tenant().await;
    let headers = vec![("location".to_owned(), "https://www.example.com/".to_owned())];
    let (content_type, body) = (String::new(), String::new());
    let moved = FaultKind::Status { status: 301, headers, content_type, body };
    tenant.faults().inject(Fault::new("GET", DISCOVERY, moved));
    let report = check(&tenant, &[]).await;
    report.assert_only_failure("Issuer", "a redirect (301", "Set AUTH0_DOMAIN to the issuer's host");
}

#[tokio::test]
async fn a_tenant_without_a_usable_signing_key_is_reported() {
    let tenant = tenant().await;
    let symmetric = r#"{"keys":[{"kty":"oct","kid":"1","k":"AAAA","alg":"HS256"}]}"#;
    tenant.faults().inject(Fault::new("GET", KEYS, FaultKind::json(200, symmetric)));
    let report = check(&tenant, &[]).await;
    report.assert_only_failure("Signing keys", "publishes no RSA key", "Rotate Signing Key");
}

#[tokio::test]
async fn clock_drift_in_either_direction_is_reported() {
    for (offset, words) in [(-300, "s ahead of the tenant's"), (300, "s behind the tenant's")] {
        let now = Clock::system().now();
        let tenant = tenant_at(Clock::manual(now + time::Duration::seconds(offset))).await;
        let report = check(&tenant, &[]).await;
        report.assert_only_failure("Clock", words, "NTP");
    }
}

#[tokio::test]
async fn a_tenant_outage_leaves_the_checks_unknown() {
    let tenant = tenant().await;
    for path in ["/authorize", "/oauth/token", "/v2/logout", KEYS] {
        tenant.faults().inject(Fault::new("*", path, FaultKind::html(503, "<h1>Service unavailable</h1>")));
    }
    let report = check(&tenant, &[]).await;
    assert_eq!((report.code, report.failures().len()), (2, 0), "{}", report.output);
    for line in ["Client id", "Client secret", "MFA grant", "Callback URL", "Audience", "Logout URL", "Clock"]
    {
        report.assert_unknown(line, "status 503; try again later");
    }
    report.assert_unknown("Signing keys", "status 503");
}

#[tokio::test]
async fn a_rate_limited_check_is_unknown() {
    let tenant = tenant().await;
    let too_many = r#"{"error":"too_many_requests","error_description":"Rate limit exceeded."}"#;
    tenant.faults().inject(Fault::new("POST", "/oauth/token", FaultKind::json(429, too_many)));
    let report = check(&tenant, &[]).await;
    assert_eq!(report.code, 2, "{}", report.output);
    report.assert_unknown("MFA grant", "limits our requests");
}

#[tokio::test]
async fn a_hanging_endpoint_times_out() {
    let tenant = tenant().await;
    tenant.faults().inject(Fault::new("POST", "/oauth/token", FaultKind::Hang));
    let report = tokio::time::timeout(Duration::from_secs(60), check(&tenant, &[])).await.unwrap();
    report.assert_unknown("Client secret", "no answer within");
    assert_eq!(report.line("Callback URL").outcome, "ok");
}
