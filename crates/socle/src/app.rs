//! The application: what handlers share, and how modules are assembled into one service.

use crate::{
    clock::Clock,
    db::Db,
    errors::Erreur,
    ids::Ids,
    jobs, journal,
    letters::{self, Sinks},
    limits::Limiter,
    mail::{MailSamples, MailSettings},
    module::BoxFuture,
    module::{Module, Modules},
    outbox,
    permissions::Actor,
    queue::Bell,
    routes::{self, Authenticate, Challenge, Challenger, ErrorPage, Kind, RouteInfo, Routes},
    secrets::Keys,
    security, webhook,
};
use axum::{Router, extract::Request, http::StatusCode, middleware, response::IntoResponse};
use futures_util::FutureExt;
use std::{
    any::{Any, TypeId},
    collections::HashMap,
    fmt,
    net::IpAddr,
    panic::AssertUnwindSafe,
    path::PathBuf,
    sync::Arc,
    time::Duration,
};
use tokio::task::JoinSet;

/// What the operator decides of the public face.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The address that the public sees, without a final slash, base path included.
    pub public_url: String,
    /// The path under which the application lives behind a proxy; empty, or `/` and a name.
    pub base_path: String,
    /// The proxies whose forwarded addresses are believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Requests that one address may make each minute to the API.
    pub api_per_minute: u32,
    /// How long the server works on an answer before it gives up; sending the answer is not counted.
    pub request_timeout: Duration,
    /// Days for which an event is kept once it is done.
    pub outbox_days: u32,
    /// How many times an event, a letter or a webhook is tried before it waits for a person.
    pub outbox_attempts: u32,
    /// The template of the tile server's addresses, when the operator has one.
    pub tiles: Option<String>,
    /// The service that knows streets, when the operator has one.
    pub addresses: Option<OutsideService>,
    /// The service that knows companies and associations, when the operator has one.
    pub directory: Option<OutsideService>,
    /// The service by which people may sign in, when the operator has one.
    pub provider: Option<IdentityProvider>,
    /// Whether this is the demonstration, whose people and places are invented.
    pub demo: bool,
    /// The folder of the open data files; nothing is published without it.
    pub open_data: Option<PathBuf>,
    /// Who answers for the site; what is absent is shown as to be filled in.
    pub operator: Operator,
    /// What seals the secrets that the database keeps.
    pub keys: Keys,
    /// How mails are sent.
    pub mail: MailSettings,
    /// The folder that SMS are written in; no SMS leaves without it.
    pub sms_folder: Option<PathBuf>,
    /// Whether webhooks may call private networks.
    pub webhook_private: bool,
    /// The folder, outside the database, of the heads and seals of the journal.
    pub journal_heads: Option<PathBuf>,
}

/// A service outside, which the operator chose to use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutsideService {
    /// Where it answers.
    pub url: String,
    /// How long an answer may wait for it.
    pub budget: Duration,
}

/// A service by which people may sign in (OpenID Connect).
#[derive(Clone, PartialEq, Eq)]
pub struct IdentityProvider {
    /// Its identifier, the address under which it describes itself.
    pub issuer: String,
    /// Who this site is for it.
    pub client: String,
    /// What proves it.
    pub secret: String,
    /// Its name on screen.
    pub name: String,
    /// Whether it takes PKCE.
    pub pkce: bool,
    /// Whether it wants its secret in the header of requests rather than in their body.
    pub basic: bool,
    /// The levels (`acr`) of which one is demanded; none demands none.
    pub levels: Vec<String>,
    /// The means (`amr`) of which one is demanded; none demands none.
    pub means: Vec<String>,
    /// Whether what it says of a person must be signed.
    pub signed: bool,
}

impl Default for IdentityProvider {
    fn default() -> Self {
        Self {
            issuer: String::new(),
            client: String::new(),
            secret: String::new(),
            name: "ProConnect".into(),
            pkce: true,
            basic: false,
            levels: Vec::new(),
            means: Vec::new(),
            signed: false,
        }
    }
}

// The secret must not reach a log.
impl fmt::Debug for IdentityProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IdentityProvider({})", self.issuer)
    }
}

/// Who answers for the site, as the legal pages name them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Operator {
    /// The organisation.
    pub name: Option<String>,
    /// Its postal address.
    pub address: Option<String>,
    /// How to reach it.
    pub contact: Option<String>,
    /// How to reach the data protection officer.
    pub dpo: Option<String>,
    /// Who directs the publication.
    pub publisher: Option<String>,
    /// Who hosts the server.
    pub host: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            public_url: "http://localhost:8080".into(),
            base_path: String::new(),
            trusted_proxies: Vec::new(),
            api_per_minute: 600,
            request_timeout: Duration::from_secs(30),
            outbox_days: 30,
            outbox_attempts: 12,
            tiles: None,
            addresses: None,
            directory: None,
            provider: None,
            demo: false,
            open_data: None,
            operator: Operator::default(),
            keys: Keys::ephemeral(),
            mail: MailSettings::default(),
            sms_folder: None,
            webhook_private: false,
            journal_heads: None,
        }
    }
}

type Parts = HashMap<TypeId, Arc<dyn Any + Send + Sync>>;

/// What handlers share. Cloning is cheap.
#[derive(Clone)]
pub struct App {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// The identifiers.
    pub ids: Ids,
    /// The operator's decisions.
    pub settings: Arc<Settings>,
    /// Wakes the workers of this process once something was queued.
    pub bell: Bell,
    parts: Arc<Parts>,
    error_page: ErrorPage,
    authenticate: Authenticate,
    challenger: Challenger,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl App {
    /// A part that a module prepared at start.
    ///
    /// # Panics
    /// When no module gave it: a mistake in the list of modules, found by the first test that starts the application.
    pub fn part<T: Any + Send + Sync>(&self) -> Arc<T> {
        self.try_part()
            .expect("the module that gives this part is in the list of modules")
    }

    /// A part, if a module prepared it.
    pub fn try_part<T: Any + Send + Sync>(&self) -> Option<Arc<T>> {
        self.parts
            .get(&TypeId::of::<T>())
            .cloned()
            .and_then(|part| part.downcast().ok())
    }

    /// What draws an error as a page.
    pub fn error_page(&self) -> ErrorPage {
        self.error_page
    }

    /// What recognises the person behind a request.
    pub fn authenticate(&self) -> Authenticate {
        self.authenticate
    }

    /// What asks a person for a proof.
    pub fn challenger(&self) -> Challenger {
        self.challenger
    }
}

/// The application while its modules start.
#[derive(Debug)]
pub struct AppBuilder {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// The identifiers.
    pub ids: Ids,
    /// The operator's decisions.
    pub settings: Settings,
    /// What draws an error as a page.
    pub error_page: ErrorPage,
    /// What recognises the person behind a request.
    pub authenticate: Authenticate,
    /// What asks a person for a proof.
    pub challenger: Challenger,
    parts: Parts,
}

impl AppBuilder {
    /// An application without modules, whose error pages are plain text.
    pub fn new(db: Db, clock: Clock, ids: Ids, settings: Settings) -> Self {
        Self {
            db,
            clock,
            ids,
            settings,
            error_page: plain_error,
            authenticate: anyone,
            challenger: refuse_all,
            parts: Parts::new(),
        }
    }

    /// Gives a part to the handlers.
    pub fn insert<T: Any + Send + Sync>(&mut self, part: Arc<T>) {
        self.parts.insert(TypeId::of::<T>(), part);
    }

    /// A part given by a module that started before.
    pub fn try_part<T: Any + Send + Sync>(&self) -> Option<Arc<T>> {
        self.parts
            .get(&TypeId::of::<T>())
            .cloned()
            .and_then(|part| part.downcast().ok())
    }

    /// Starts the modules in order.
    ///
    /// # Errors
    /// The first module's that cannot start.
    pub async fn start(mut self, modules: &[Module]) -> Result<App, Erreur> {
        for module in modules {
            (module.start)(&mut self).await?;
        }
        let samples = modules.iter().flat_map(|m| m.mails.iter().copied()).collect();
        self.insert(Arc::new(MailSamples(samples)));
        self.insert(Arc::new(Modules(modules.to_vec())));
        Ok(App {
            db: self.db,
            clock: self.clock,
            ids: self.ids,
            settings: Arc::new(self.settings),
            bell: Bell::default(),
            parts: Arc::new(self.parts),
            error_page: self.error_page,
            authenticate: self.authenticate,
            challenger: self.challenger,
        })
    }
}

/// Without a context that owns people, everyone is anyone.
fn anyone<'a>(_: &'a App, _: &'a axum::http::request::Parts) -> BoxFuture<'a, Result<Actor, Erreur>> {
    Box::pin(async { Ok(Actor::public()) })
}

/// Nobody can prove anything where nobody is known.
fn refuse_all(_: Challenge, _: Actor, _: App, _: Request) -> BoxFuture<'static, axum::response::Response> {
    Box::pin(async { Erreur::Introuvable.into_response() })
}

fn plain_error(
    probleme: &crate::errors::Probleme,
    _: &axum::http::request::Parts,
    _: &App,
) -> axum::response::Response {
    let status = StatusCode::from_u16(probleme.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, probleme.detail.clone()).into_response()
}

/// The routes of every module, for the service and for the generated table.
pub fn routes(modules: &[Module]) -> Routes {
    modules
        .iter()
        .fold(Routes::new(), |all, module| all.merge((module.routes)()))
}

/// The table of routes.
pub fn route_list(modules: &[Module]) -> Vec<RouteInfo> {
    routes(modules).list().to_vec()
}

/// The whole service: routes under the base path, limits, security headers, compression, and errors drawn by kind.
pub fn service(app: App, modules: &[Module]) -> Router {
    let limiter = Arc::new(Limiter::new(app.settings.api_per_minute, app.clock.clone()));
    let carrier = app.clone();
    let bell = app.bell.clone();
    let inner = routes(modules)
        .into_router()
        .fallback(not_found)
        .with_state(app.clone());
    let routed = if app.settings.base_path.is_empty() {
        inner
    } else {
        Router::new().nest(&app.settings.base_path, inner)
    };
    routed
        .layer(middleware::from_fn(security::guard))
        .layer(middleware::from_fn(move |request, next| {
            wake(bell.clone(), request, next)
        }))
        .layer(middleware::from_fn(move |request, next| {
            let limiter = limiter.clone();
            async move { security::limit(&limiter, request, next).await }
        }))
        .layer(
            tower_http::compression::CompressionLayer::new()
                .compress_when(tower_http::compression::predicate::SizeAbove::new(512)),
        )
        .layer(tower_http::catch_panic::CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn(
            move |mut request: Request, next: middleware::Next| {
                request.extensions_mut().insert(carrier.clone());
                next.run(request)
            },
        ))
}

/// How long before a worker that ended by mistake begins again.
const PAUSE: Duration = Duration::from_secs(5);

/// The workers that do what changes ask for and the jobs, and seal the journal, until the bell asks to stop.
pub async fn work(app: App, modules: Vec<Module>) {
    let consumers: Vec<_> = modules.iter().flat_map(|m| m.consumers.iter().copied()).collect();
    let jobs: Vec<_> = modules.iter().flat_map(|m| m.jobs.iter().copied()).collect();
    let sinks = Sinks::of(&app);
    let bell = app.bell.clone();
    let mut workers = JoinSet::new();
    let mut hire = |name, begin: Box<dyn Fn(App) -> BoxFuture<'static, ()> + Send + Sync>| {
        let (app, bell) = (app.clone(), bell.clone());
        workers.spawn(async move { keep(name, &bell, || begin(app.clone())).await });
    };
    hire(
        "outbox",
        Box::new(move |app| Box::pin(outbox::work(app, consumers.clone()))),
    );
    hire("jobs", Box::new(move |app| Box::pin(jobs::work(app, jobs.clone()))));
    hire("journal", Box::new(|app| Box::pin(journal::work(app))));
    hire("webhook", Box::new(|app| Box::pin(webhook::work(app))));
    hire(
        "letters",
        Box::new(move |app| Box::pin(letters::work(app, sinks.clone()))),
    );
    while workers.join_next().await.is_some() {}
}

/// One worker until the bell asks to stop; one that ends or panics before begins again.
async fn keep(name: &'static str, bell: &Bell, begin: impl Fn() -> BoxFuture<'static, ()>) {
    loop {
        let ended = AssertUnwindSafe(begin()).catch_unwind().await;
        if bell.is_stopped() {
            return;
        }
        tracing::error!(
            worker = name,
            panicked = ended.is_err(),
            "a worker stopped; it begins again"
        );
        bell.pause(PAUSE).await;
    }
}

/// Wakes the workers after each write: what it queued is done at once.
async fn wake(bell: Bell, request: Request, next: middleware::Next) -> axum::response::Response {
    let is_write = !request.method().is_safe();
    let response = next.run(request).await;
    if is_write {
        bell.ring();
    }
    response
}

async fn not_found(request: Request) -> axum::response::Response {
    let kind = if request.uri().path().contains("/api/") {
        Kind::Api
    } else {
        Kind::Page
    };
    let (mut head, _) = request.into_parts();
    if kind == Kind::Page
        && let Some(app) = head.extensions.get::<App>().cloned()
        && let Ok(actor) = (app.authenticate())(&app, &head).await
    {
        head.extensions.insert(actor);
    }
    routes::as_error(kind, &head, Erreur::Introuvable.into_response()).await
}

fn panicked(cause: Box<dyn Any + Send>) -> axum::response::Response {
    let text = cause
        .downcast_ref::<&str>()
        .map(|s| (*s).to_owned())
        .or_else(|| cause.downcast_ref::<String>().cloned());
    Erreur::faute(text.unwrap_or_else(|| "a handler panicked".into())).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[tokio::test(start_paused = true)]
    async fn un_ouvrier_qui_panique_recommence() {
        let (bell, begun) = (Bell::default(), Arc::new(AtomicU32::new(0)));
        let begin = || -> BoxFuture<'static, ()> {
            let (bell, begun) = (bell.clone(), begun.clone());
            Box::pin(async move {
                assert_eq!(begun.fetch_add(1, Ordering::Relaxed), 1, "the first time, it panics");
                bell.stop();
            })
        };
        keep("essai", &bell, begin).await;
        assert_eq!(begun.load(Ordering::Relaxed), 2);
    }
}
