//! The certified provider `e2e/oidc/provider.mjs`, for the time of a test.

use identite::oidc::client;
use reqwest::Url;
use serde_json::Value;
use socle::clock::{Clock, Instant};
use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::Duration,
};

/// The provider, for the time of a test.
pub struct Certified {
    /// Its identifier.
    pub issuer: String,
    process: Child,
    /// It stops when this closes, even if the test is killed.
    _input: ChildStdin,
    /// It would fail to write its notices if this were closed.
    _output: BufReader<ChildStdout>,
}

impl Drop for Certified {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The provider lives in real time, so do its tokens.
pub fn now() -> Instant {
    Clock::system().now()
}

pub fn http() -> reqwest::Client {
    client(Duration::from_secs(20)).unwrap()
}

impl Certified {
    /// Nothing where node or the provider is absent; under CI that is a failure.
    pub fn start() -> Option<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../e2e/oidc");
        let node = Command::new("node")
            .arg("--version")
            .output()
            .is_ok_and(|out| out.status.success());
        if !node || !folder.join("node_modules/oidc-provider").is_dir() {
            assert!(
                std::env::var_os("CI").is_none(),
                "le fournisseur est absent : scripts/node-modules e2e/oidc"
            );
            println!("fournisseur certifié : sauté, node ou e2e/oidc/node_modules manque");
            return None;
        }
        let mut process = Command::new("node")
            .arg("provider.mjs")
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let input = process.stdin.take().unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap();
        Some(Self {
            issuer: ready["issuer"].as_str().unwrap().to_owned(),
            process,
            _input: input,
            _output: output,
        })
    }

    /// What the hand does from now on.
    pub async fn alter(&self, plan: Value) {
        let body = serde_json::to_vec(&plan).unwrap();
        http()
            .post(format!("{}/_main", self.issuer))
            .body(body)
            .send()
            .await
            .unwrap();
    }
}

/// Follows the person's browser until the provider sends it back to this address; gives the whole address.
pub async fn back(url: &str, to: &str) -> Url {
    let (http, mut cookies) = (http(), BTreeMap::new());
    let mut url = Url::parse(url).unwrap();
    for _ in 0..10 {
        if url.as_str().starts_with(to) {
            return url;
        }
        let sent: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = http
            .get(url.clone())
            .header("cookie", sent.join("; "))
            .send()
            .await
            .unwrap();
        for cookie in answer.headers().get_all("set-cookie") {
            let (name, value) = cookie
                .to_str()
                .unwrap()
                .split(';')
                .next()
                .unwrap()
                .split_once('=')
                .unwrap();
            cookies.insert(name.to_owned(), value.to_owned());
        }
        let location = answer
            .headers()
            .get("location")
            .map(|location| location.to_str().unwrap().to_owned());
        let Some(location) = location else {
            panic!(
                "the provider keeps the person: {} {}",
                answer.status(),
                answer.text().await.unwrap()
            );
        };
        url = url.join(&location).unwrap();
    }
    panic!("the provider sends the person round in circles");
}
