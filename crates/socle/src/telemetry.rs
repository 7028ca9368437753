//! Logs and figures: one line a request, without query, address or anything personal.

use axum::{
    extract::Request,
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

/// Writes the request's line and counts it. What a person typed is in the query, which is never read here.
pub async fn observe(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let begun = Stopwatch::now();
    let response = next.run(request).await;
    let seconds = begun.elapsed().as_secs_f64();
    tracing::info!(target: "acces", %method, path, status = response.status().as_u16(), ms = round_ms(seconds));
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
