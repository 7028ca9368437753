//! `serve`: the site, the worker of events, and the figures, until a signal.

use super::contexte;
use crate::{
    MODULES,
    cli::{BenchHello, Serve},
    fin::{Fin, Issue},
};
use axum::{Router, middleware, routing::get, serve::ListenerExt};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use socle::{App, AppBuilder, Settings, app, clock::Clock, config::Config, db::Db, ids::Ids, telemetry};
use std::{
    net::SocketAddr,
    pin::pin,
    time::{Duration, Instant as Stopwatch},
};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::watch,
};

/// How long requests and work under way may take to end when the program is asked to stop.
const GRACE: Duration = Duration::from_secs(10);

/// Checks the configuration, or serves.
pub async fn run(args: Box<Serve>) -> Result<Issue, Fin> {
    let config = contexte::config(&args.source, args.flags())?;
    if args.check_config {
        println!("La configuration est correcte.");
        return Ok(Issue::Faite);
    }
    telemetry::start(config.log);
    let db = contexte::open(&config).await?;
    serve(config, db, false).await
}

/// Serves a database until SIGTERM or SIGINT.
pub async fn serve(mut config: Config, db: Db, demo: bool) -> Result<Issue, Fin> {
    let begun = Stopwatch::now();
    config.load_keys().map_err(Fin::Refus)?;
    let clock = Clock::system();
    let listener = bind(config.listen).await?;
    // Port 0 asks the system for a free one: its number is known only now.
    config.listen = listener.local_addr()?;
    contexte::migrate(&config, &db, clock.now()).await?;
    let settings = Settings {
        demo,
        ..config.settings()
    };
    let public_url = settings.public_url.clone();
    let app = AppBuilder::new(db.clone(), clock, Ids::random(), settings)
        .start(MODULES)
        .await?;
    let stop = stop_signal()?;
    let figures = match config.metrics_listen {
        Some(address) => Some(tokio::spawn(serve_figures(
            bind(address).await?,
            recorder()?,
            stop.clone(),
        ))),
        None => None,
    };
    let worker = tokio::spawn(work(app.clone(), stop.clone()));
    println!("Maillage est prêt : {public_url}");
    tracing::info!(listen = %config.listen, ms = begun.elapsed().as_millis() as u64, "ready");
    let service = app::service(app, MODULES).layer(middleware::from_fn(telemetry::observe));
    let served = listen(listener, service, stop).await;
    if served.is_err() {
        worker.abort();
    }
    // It ends by itself once asked to stop; a panic in it was logged.
    let _ = worker.await;
    if let Some(figures) = figures {
        figures.abort();
    }
    db.close().await;
    served.map(|()| Issue::Faite)
}

/// Works until the stop, then lets what is under way end, but not for ever: a mail cut while it leaves must be looked at by a person.
async fn work(app: App, stop: watch::Receiver<bool>) {
    let bell = app.bell.clone();
    let mut work = pin!(app::work(app, MODULES.to_vec()));
    tokio::select! {
        () = &mut work => return,
        () = stopped(stop) => bell.stop(),
    }
    if tokio::time::timeout(GRACE, work).await.is_err() {
        tracing::warn!("what was under way is cut");
    }
}

async fn bind(address: SocketAddr) -> Result<TcpListener, Fin> {
    TcpListener::bind(address)
        .await
        .map_err(|e| Fin::Refus(format!("impossible d’écouter sur {address} : {e}")))
}

/// Serves until the stop, then waits for the requests under way, but not for ever.
async fn listen(listener: TcpListener, service: Router, stop: watch::Receiver<bool>) -> Result<(), Fin> {
    let listener = listener.tap_io(|stream| {
        // Small answers must not wait for more bytes to send.
        let _ = stream.set_nodelay(true);
    });
    let service = service.into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, service).with_graceful_shutdown(stopped(stop.clone()));
    let late = async {
        stopped(stop).await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        done = serving.into_future() => Ok(done?),
        () = late => Ok(()),
    }
}

async fn stopped(mut stop: watch::Receiver<bool>) {
    // A sender that is gone stops as well.
    let _ = stop.wait_for(|stop| *stop).await;
}

/// Turns true at the first SIGTERM or SIGINT.
fn stop_signal() -> Result<watch::Receiver<bool>, Fin> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let (tell, told) = watch::channel(false);
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping");
        let _ = tell.send(true);
    });
    Ok(told)
}

fn recorder() -> Result<PrometheusHandle, Fin> {
    PrometheusBuilder::new()
        .set_buckets(&[0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0])
        .and_then(PrometheusBuilder::install_recorder)
        .map_err(|e| Fin::Refus(format!("les mesures ne démarrent pas : {e}")))
}

async fn serve_figures(listener: TcpListener, handle: PrometheusHandle, stop: watch::Receiver<bool>) {
    let router = Router::new().route("/metrics", get(move || async move { handle.render() }));
    if let Err(error) = listen(listener, router, stop).await {
        tracing::error!(%error, "the figures are no longer served");
    }
}

/// The measure of `make bench`: the least that the same server and the same client can do.
pub async fn hello(args: BenchHello) -> Result<Issue, Fin> {
    let router = Router::new().route("/", get(|| async { "bonjour" }));
    listen_at(args.listen, router).await
}

/// Serves a bare router until a signal.
pub async fn listen_at(address: SocketAddr, router: Router) -> Result<Issue, Fin> {
    println!("http://{address}");
    listen(bind(address).await?, router, stop_signal()?).await?;
    Ok(Issue::Faite)
}
