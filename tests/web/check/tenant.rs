//! The tenant cannot be reached, is another one, or says something odd of itself.

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
async fn a_domain_that_does_not_exist() {
    let found = check(&tenant().await, &[("AUTH0_DOMAIN", "exmaple.eu.auth0.invalid")]).await;
    found.only("Tenant", "there is no host named exmaple.eu.auth0.invalid", "Correct AUTH0_DOMAIN");
    found.unknown("MFA grant", "the tenant cannot be reached");
    found.unknown("Audience", "the tenant cannot be reached");
}

#[tokio::test]
async fn a_host_that_takes_no_connection() {
    let nobody = free_address();
    let found = check(&tenant().await, &[("AUTH0_DOMAIN", nobody.as_str())]).await;
    let cause = format!("127.0.0.1 does not accept connections on port {}", nobody.port().unwrap());
    found.only("Tenant", &cause, "firewall");
}

#[tokio::test]
async fn a_certificate_of_a_ca_that_is_not_known_here() {
    let tenant = tenant().await;
    let tls = Tls::listen(&["localhost"]).await;
    tls.forward_to(&tenant.url());
    let found = check(&tenant, &[("AUTH0_DOMAIN", &tls.url())]).await;
    found.only("Tenant", "TLS fails: cannot connect", "SSL_CERT_FILE");
    assert!(found.line("Tenant").detail.contains("UnknownIssuer"), "{}", found.output);
}

#[tokio::test]
async fn a_certificate_for_another_name() {
    let tenant = tenant().await;
    let tls = Tls::listen(&["login.example.com"]).await;
    tls.forward_to(&tenant.url());
    let ca = tls.ca_file();
    let found = check(&tenant, &[("AUTH0_DOMAIN", &tls.url()), ("SSL_CERT_FILE", ca)]).await;
    found.only("Tenant", "not valid for name \"localhost\"", "Branding → Custom Domains");
}

#[tokio::test]
async fn with_its_ca_named_in_ssl_cert_file_the_same_tenant_is_reached() {
    let tenant = tenant().await;
    let tls = Tls::listen(&["localhost"]).await;
    tls.forward_to(&tenant.url());
    let found = check(&tenant, &[("AUTH0_DOMAIN", &tls.url()), ("SSL_CERT_FILE", tls.ca_file())]).await;
    assert_eq!(found.line("Tenant").outcome, "ok", "{}", found.output);
}

#[tokio::test]
async fn a_server_without_tls_where_https_is_spoken() {
    let tenant = tenant().await;
    let plain = tenant.url().as_str().replace("http:", "https:");
    let found = check(&tenant, &[("AUTH0_DOMAIN", &plain)]).await;
    found.only("Tenant", "accepts connections, but TLS fails", "its certificate ready");
}

#[tokio::test]
async fn a_host_that_hangs_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            // Whether the other side hears it or not, the connection ends here.
            let _ = stream.shutdown().await;
        }
    });
    let found = check(&tenant().await, &[("AUTH0_DOMAIN", &address)]).await;
    found.only("Tenant", "accepts connections, but does not answer", "firewall");
}

#[tokio::test]
async fn a_domain_that_is_no_tenant() {
    let tenant = tenant().await;
    let not_found = FaultKind::html(404, "<h1>Not found</h1>");
    tenant.faults().inject(Fault::new("GET", DISCOVERY, not_found));
    let found = check(&tenant, &[]).await;
    found.only(
        "Issuer",
        "is not an Auth0 tenant: it answers a request for its discovery document with status 404",
        "Set AUTH0_DOMAIN to the Domain",
    );
}

#[tokio::test]
async fn a_domain_where_some_other_page_is_served() {
    let tenant = tenant().await;
    tenant.faults().inject(Fault::new("GET", DISCOVERY, FaultKind::html(200, "<h1>Welcome</h1>")));
    let found = check(&tenant, &[]).await;
    found.only("Issuer", "what it sends is not a discovery document", "Set AUTH0_DOMAIN to the Domain");
}

#[tokio::test]
async fn a_custom_domain_whose_proxy_does_not_say_that_it_is_one() {
    let tenant = tenant().await;
    tenant.tamper_discovery(|document| document["issuer"] = json!("https://example.eu.auth0.com/"));
    let found = check(&tenant, &[]).await;
    found.only("Issuer", "the issuer there is \"https://example.eu.auth0.com/\"", "cname-api-key");
}

#[tokio::test]
async fn a_domain_that_only_redirects() {
    let tenant = tenant().await;
    let headers = vec![("location".to_owned(), "https://www.example.com/".to_owned())];
    let (content_type, body) = (String::new(), String::new());
    let moved = FaultKind::Status { status: 301, headers, content_type, body };
    tenant.faults().inject(Fault::new("GET", DISCOVERY, moved));
    let found = check(&tenant, &[]).await;
    found.only("Issuer", "a redirect (301", "Set AUTH0_DOMAIN to the issuer's host");
}

#[tokio::test]
async fn a_tenant_without_a_key_that_could_be_used() {
    let tenant = tenant().await;
    let symmetric = r#"{"keys":[{"kty":"oct","kid":"1","k":"AAAA","alg":"HS256"}]}"#;
    tenant.faults().inject(Fault::new("GET", KEYS, FaultKind::json(200, symmetric)));
    let found = check(&tenant, &[]).await;
    found.only("Signing keys", "publishes no RSA key", "Rotate Signing Key");
}

#[tokio::test]
async fn a_clock_that_is_ahead_and_one_that_is_behind() {
    for (offset, words) in [(-300, "s ahead of the tenant's"), (300, "s behind the tenant's")] {
        let now = Clock::system().now();
        let tenant = tenant_at(Clock::manual(now + time::Duration::seconds(offset))).await;
        let found = check(&tenant, &[]).await;
        found.only("Clock", words, "NTP");
    }
}

#[tokio::test]
async fn trouble_at_the_tenant_is_not_taken_for_a_mistake() {
    let tenant = tenant().await;
    for path in ["/authorize", "/oauth/token", "/v2/logout", KEYS] {
        tenant.faults().inject(Fault::new("*", path, FaultKind::html(503, "<h1>Service unavailable</h1>")));
    }
    let found = check(&tenant, &[]).await;
    assert_eq!((found.code, found.failures().len()), (0, 0), "{}", found.output);
    for line in ["Client id", "Client secret", "MFA grant", "Callback URL", "Audience", "Logout URL", "Clock"]
    {
        found.unknown(line, "status 503; try again later");
    }
    found.unknown("Signing keys", "status 503");
}

#[tokio::test]
async fn a_tenant_that_was_asked_too_often_is_asked_again_later() {
    let tenant = tenant().await;
    let too_many = r#"{"error":"too_many_requests","error_description":"Rate limit exceeded."}"#;
    tenant.faults().inject(Fault::new("POST", "/oauth/token", FaultKind::json(429, too_many)));
    let found = check(&tenant, &[]).await;
    assert_eq!(found.code, 0, "{}", found.output);
    found.unknown("MFA grant", "limits our requests");
}

#[tokio::test]
async fn an_endpoint_that_never_answers_holds_nothing_up_for_ever() {
    let tenant = tenant().await;
    tenant.faults().inject(Fault::new("POST", "/oauth/token", FaultKind::Hang));
    let found = tokio::time::timeout(Duration::from_secs(60), check(&tenant, &[])).await.unwrap();
    found.unknown("Client secret", "no answer within");
    assert_eq!(found.line("Callback URL").outcome, "ok");
}
