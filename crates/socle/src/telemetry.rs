//! Logs and figures: one line a request, without query, address or anything personal.

use axum::{
    extract::{MatchedPath, Request},
    http::{Method, StatusCode},
    middleware::Next,
    response::Response,
};
use std::{io::IsTerminal, time::Instant as Stopwatch};
use tracing_subscriber::EnvFilter;

/// How the logs are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// Lines for a person.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// Sends the logs to the standard error; `RUST_LOG` chooses the levels. A second call changes nothing.
pub fn start(format: LogFormat) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn"));
    let logs = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    let _already_started = match format {
        LogFormat::Text => logs.with_target(false).try_init(),
        LogFormat::Json => logs.json().flatten_event(true).try_init(),
    };
}

/// Writes the request's line and counts it. A path may hold the token of a link and a query what a person typed: of the address, only the
/// pattern of the route that answered is written.
pub async fn observe(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let begun = Stopwatch::now();
    let response = next.run(request).await;
    let seconds = begun.elapsed().as_secs_f64();
    let route = route.as_ref().map_or("aucune", MatchedPath::as_str);
    tracing::info!(target: "acces", %method, route, status = response.status().as_u16(), ms = round_ms(seconds));
    count(&method, response.status(), seconds);
    response
}

/// The labels are few and closed: a path here would let a visitor fill the memory.
fn count(method: &Method, status: StatusCode, seconds: f64) {
    let method = match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::HEAD => "HEAD",
        _ => "autre",
    };
    let class = match status.as_u16() / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    };
    metrics::counter!("maillage_requests_total", "method" => method, "status" => class).increment(1);
    metrics::histogram!("maillage_request_seconds", "method" => method).record(seconds);
}

fn round_ms(seconds: f64) -> f64 {
    (seconds * 1e5).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::send;
    use axum::{Router, body::Body, middleware::from_fn, routing::get};
    use std::{
        io,
        sync::{Arc, Mutex},
    };

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn la_ligne_d_une_demande_dit_la_route_et_jamais_le_jeton_de_l_adresse() {
        let (lines, token) = (Lines::default(), "c0ffee".repeat(11));
        let writer = lines.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();
        let _guard = tracing::subscriber::set_default(subscriber);
        let inner = || {
            Router::new()
                .route("/invitation/{jeton}", get(|| async { "" }))
                .fallback(|| async { StatusCode::NOT_FOUND })
        };
        for (service, base) in [(inner(), ""), (Router::new().nest("/maillage", inner()), "/maillage")] {
            let service = service.layer(from_fn(observe));
            for path in ["/invitation/", "/invitation/autre/", "/"] {
                let uri = format!("{base}{path}{token}?suite={token}");
                send(&service, Request::get(uri).body(Body::empty()).unwrap()).await;
            }
        }
        let lines = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        assert_eq!(lines.lines().count(), 6, "{lines}");
        assert!(
            lines.contains("route=\"/invitation/{jeton}\"") && lines.contains("route=\"/maillage/invitation/{jeton}\""),
            "{lines}"
        );
        assert!(lines.contains("route=\"aucune\"") && !lines.contains(&token), "{lines}");
    }
}
