//! A TLS proxy with a certificate from a private CA: it forwards to a server without TLS.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use tempfile::{NamedTempFile, TempDir};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use url::Url;

/// The proxy. It listens on loopback until the test ends.
pub(crate) struct Tls {
    port: u16,
    target: Arc<OnceLock<SocketAddr>>,
    ca: NamedTempFile,
}

impl Tls {
    /// Listens with a certificate for these names; closes connections until `forward_to` is called.
    pub(crate) async fn listen(names: &[&str]) -> Self {
        let certified = Certified::new(names);
        let acceptor = TlsAcceptor::from(Arc::new(certified.config()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let target = Arc::new(OnceLock::new());
        let forward = target.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(pass(acceptor.clone(), stream, forward.get().copied()));
            }
        });
        let file = NamedTempFile::new().unwrap();
        std::fs::write(&file, certified.ca).unwrap();
        Self { port, target, ca: file }
    }

    /// Sets the server that connections are forwarded to.
    pub(crate) fn forward_to(&self, url: &Url) {
        let address = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
        self.target.set(address.parse().unwrap()).unwrap();
    }

    /// The proxy's URL with the host localhost, without a final slash.
    pub(crate) fn url(&self) -> String {
        format!("https://localhost:{}", self.port)
    }

    /// The CA's certificate as a PEM file.
    pub(crate) fn ca_file(&self) -> &str {
        self.ca.path().to_str().unwrap()
    }
}

async fn pass(acceptor: TlsAcceptor, stream: TcpStream, target: Option<SocketAddr>) {
    // A client that does not trust the certificate aborts the handshake, which some tests expect.
    let Ok(mut inside) = acceptor.accept(stream).await else { return };
    let Some(target) = target else { return };
    let mut outside = TcpStream::connect(target).await.unwrap();
    // Either side may close the connection at any time.
    let _ = copy_bidirectional(&mut inside, &mut outside).await;
}

/// A certificate, its key and the certificate of its CA, in PEM.
pub(crate) struct Certified {
    pub(crate) certificate: String,
    pub(crate) key: String,
    pub(crate) ca: String,
}

impl Certified {
    /// For these names.
    pub(crate) fn new(names: &[&str]) -> Self {
        let (ca_key, key) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
        let mut ca = CertificateParams::new(Vec::new()).unwrap();
        ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        // Otherwise both have the same name, and OpenSSL takes the certificate for one that signs itself.
        ca.distinguished_name.push(DnType::CommonName, "CA");
        let ca_certificate = ca.self_signed(&ca_key).unwrap();
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        let issuer = Issuer::new(ca, ca_key);
        let certificate = CertificateParams::new(names).unwrap().signed_by(&key, &issuer).unwrap();
        Self { certificate: certificate.pem(), key: key.serialize_pem(), ca: ca_certificate.pem() }
    }

    fn config(&self) -> ServerConfig {
        let certificate = CertificateDer::from_pem_slice(self.certificate.as_bytes()).unwrap();
        let key = PrivateKeyDer::from_pem_slice(self.key.as_bytes()).unwrap();
        ServerConfig::builder().with_no_client_auth().with_single_cert(vec![certificate], key).unwrap()
    }
}

/// Files in PEM for servers that want certificates of their clients: a CA, and a certificate for 127.0.0.1 with its key.
pub(crate) struct Certificates {
    directory: TempDir,
}

impl Certificates {
    pub(crate) fn new() -> Self {
        let Certified { certificate, key, ca } = Certified::new(&["127.0.0.1"]);
        let files = Self { directory: tempfile::tempdir().unwrap() };
        for (name, text) in [("ca", ca), ("certificate", certificate), ("key", key)] {
            std::fs::write(files.path(name), text).unwrap();
        }
        files
    }

    /// One of the files: `ca`, `certificate` or `key`.
    pub(crate) fn path(&self, name: &str) -> String {
        self.directory.path().join(name).to_str().unwrap().to_owned()
    }

    /// The options of a redis-server or Sentinel that has them.
    pub(crate) fn options(&self) -> [(&'static str, String); 4] {
        [
            ("tls-ca-cert-file", self.path("ca")),
            ("tls-cert-file", self.path("certificate")),
            ("tls-key-file", self.path("key")),
            ("tls-auth-clients", "yes".to_owned()),
        ]
    }
}
