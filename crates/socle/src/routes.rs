//! Routes that name their action: a page, a public embeddable page, or an entry of the API.

use crate::{
    App,
    errors::{Erreur, Probleme},
    module::BoxFuture,
    permissions::{self, Action, Actor, PUBLIC, Reach, Role},
};
use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    handler::Handler,
    http::{HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{MethodFilter, MethodRouter, on},
};
use tower_http::limit::RequestBodyLimitLayer;

/// The longest request in bytes, but for the routes that take a file.
const LONGEST_REQUEST: usize = 1 << 20;
/// The longest request in bytes that takes a file: more than any file that is accepted, so that the handler can say which limit it passes.
pub const LONGEST_UPLOAD: usize = 64 << 20;
/// How many times the operator's delay a file may take: its reading is part of it, and links are slow.
const UPLOAD_PATIENCE: u32 = 10;

/// How a route answers, which decides its security headers and what its errors look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A page of the site.
    Page,
    /// A page that other sites may show in a frame.
    Embed,
    /// An entry of the public API: errors are problem documents, reads are open to other origins.
    Api,
    /// A file.
    File,
}

/// What is known of a route, for the generated table and the tests that walk every route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteInfo {
    /// The HTTP method.
    pub method: Method,
    /// The path with its parameters.
    pub path: &'static str,
    /// The action that it asks for.
    pub action: &'static str,
    /// The roles that the action lets in, and how far each reaches.
    pub rules: &'static [(Role, Reach)],
    /// How it answers.
    pub kind: Kind,
}

/// What a route asks of a request before its handler sees it.
#[derive(Debug, Clone, Copy)]
struct Door {
    kind: Kind,
    rules: &'static [(Role, Reach)],
    sensitive: bool,
    takes_file: bool,
}

impl Door {
    /// Whether nobody's name is needed: files, the public API and frames of other sites never read a session.
    fn is_nameless(self) -> bool {
        self.kind != Kind::Page && self.rules.iter().all(|(role, _)| *role == PUBLIC)
    }
}

/// The routes of a context.
#[derive(Debug, Default)]
pub struct Routes {
    router: Router<App>,
    list: Vec<RouteInfo>,
}

impl Routes {
    /// No route yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a route; `A` is the action that its handler asks for.
    pub fn add<A, H, T>(self, kind: Kind, method: Method, path: &'static str, handler: H) -> Self
    where
        A: Action,
        H: Handler<T, App>,
        T: 'static,
    {
        let filter = MethodFilter::try_from(method.clone()).unwrap_or(MethodFilter::GET);
        let route = on(filter, handler).layer(RequestBodyLimitLayer::new(LONGEST_REQUEST));
        self.join::<A>((kind, method, path), route, false)
    }

    /// A form sent with POST that carries a file, within [`LONGEST_UPLOAD`]. Its handler has a lower limit, so that it can name the field.
    pub fn upload<A, H, T>(self, path: &'static str, handler: H) -> Self
    where
        A: Action,
        H: Handler<T, App>,
        T: 'static,
    {
        let route: MethodRouter<App> = on(MethodFilter::POST, handler).layer(DefaultBodyLimit::disable());
        let route = route.layer(RequestBodyLimitLayer::new(LONGEST_UPLOAD));
        self.join::<A>((Kind::Page, Method::POST, path), route, true)
    }

    fn join<A: Action>(
        mut self,
        (kind, method, path): (Kind, Method, &'static str),
        route: MethodRouter<App>,
        takes_file: bool,
    ) -> Self {
        let door = Door {
            kind,
            rules: A::RULES,
            sensitive: A::SENSITIVE,
            takes_file,
        };
        let route = route.layer(middleware::from_fn(move |request, next| shape(door, request, next)));
        self.router = self.router.route(path, route);
        self.list.push(RouteInfo {
            method,
            path,
            action: A::NAME,
            rules: A::RULES,
            kind,
        });
        self
    }

    /// A page read with GET.
    pub fn page<A: Action, H: Handler<T, App>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.add::<A, H, T>(Kind::Page, Method::GET, path, handler)
    }

    /// A form sent with POST.
    pub fn post<A: Action, H: Handler<T, App>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.add::<A, H, T>(Kind::Page, Method::POST, path, handler)
    }

    /// A read of the API.
    pub fn api<A: Action, H: Handler<T, App>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.add::<A, H, T>(Kind::Api, Method::GET, path, handler)
    }

    /// The routes of both.
    pub fn merge(mut self, other: Routes) -> Self {
        self.router = self.router.merge(other.router);
        self.list.extend(other.list);
        self
    }

    /// What is known of each route.
    pub fn list(&self) -> &[RouteInfo] {
        &self.list
    }

    /// The axum router.
    pub fn into_router(self) -> Router<App> {
        self.router
    }
}

/// Draws a [`Probleme`] as a page; the design system gives it, since the ground draws nothing.
pub type ErrorPage = fn(&Probleme, &Parts, &App) -> Response;

/// Recognises the person behind a request; the context that owns people gives it.
pub type Authenticate = for<'a> fn(&'a App, &'a Parts) -> BoxFuture<'a, Result<Actor, Erreur>>;

/// What a person must do before a request is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Challenge {
    /// Sign in.
    SignIn,
    /// Show a second factor, which their role asks for.
    SecondFactor,
    /// Show again that it is them, since the act is sensitive.
    Confirm,
}

/// Asks what the challenge says, without losing what the request carries; the context that owns people gives it.
pub type Challenger = fn(Challenge, Actor, App, Request) -> BoxFuture<'static, Response>;

/// How long after a proof a sensitive act may be done without another one, in seconds.
const PROOF_SECONDS: i64 = 15 * 60;

/// Lets a request in, gives its response the headers of its kind, and an error the look of its kind.
async fn shape(door: Door, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let entry = enter(door, &mut parts).await;
    let head = parts.clone();
    let request = Request::from_parts(parts, body);
    let mut response = match entry {
        Entry::Open => in_time(door, &head, next.run(request)).await,
        Entry::Refused(error) => error.into_response(),
        Entry::Asked(challenge, actor, app) => (app.challenger())(challenge, *actor, app, request).await,
    };
    if response.status().is_client_error() || response.status().is_server_error() {
        response = as_error(door.kind, &head, response).await;
    }
    let headers = response.headers_mut();
    if door.kind == Kind::Embed {
        headers.insert("x-maillage-embed", HeaderValue::from_static("1"));
    }
    if door.kind == Kind::Api {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    }
    if head
        .extensions
        .get::<Actor>()
        .is_some_and(|actor| actor.person.is_some())
    {
        // A page that names someone must not be shown to the next person at the same computer.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

enum Entry {
    Open,
    Refused(Erreur),
    Asked(Challenge, Box<Actor>, App),
}

/// Who asks, and whether the table of permissions lets them try; the handler then checks the thing itself.
async fn enter(door: Door, parts: &mut Parts) -> Entry {
    let Some(app) = parts.extensions.get::<App>().cloned() else {
        return Entry::Open;
    };
    if door.is_nameless() {
        return Entry::Open;
    }
    let actor = match (app.authenticate())(&app, parts).await {
        Ok(actor) => actor,
        Err(error) => return Entry::Refused(error),
    };
    parts.extensions.insert(actor.clone());
    if permissions::may_try_rules(&actor, door.rules) {
        let now = app.clock.now();
        let is_fresh = |at| now <= crate::clock::Instant::plus_seconds(at, PROOF_SECONDS);
        if door.sensitive && actor.proof.is_some_and(|proof| !is_fresh(proof.at)) {
            return Entry::Asked(Challenge::Confirm, Box::new(actor), app);
        }
        return Entry::Open;
    }
    if actor
        .withheld
        .iter()
        .any(|held| door.rules.iter().any(|(role, _)| role == held))
    {
        return Entry::Asked(Challenge::SecondFactor, Box::new(actor), app);
    }
    if actor.person.is_none() && door.kind == Kind::Page {
        return Entry::Asked(Challenge::SignIn, Box::new(actor), app);
    }
    Entry::Refused(Erreur::Introuvable)
}

/// What the handler answers, unless the operator's delay ends first; then its work is dropped, and its transaction with it.
async fn in_time(door: Door, head: &Parts, answer: impl Future<Output = Response>) -> Response {
    let Some(app) = head.extensions.get::<App>() else {
        return answer.await;
    };
    let late = |_| Erreur::Delai.into_response();
    let patience = if door.takes_file { UPLOAD_PATIENCE } else { 1 };
    tokio::time::timeout(app.settings.request_timeout * patience, answer)
        .await
        .unwrap_or_else(late)
}

/// The error as its route's kind shows it. An extractor's own plain text refusal becomes the detail.
pub(crate) async fn as_error(kind: Kind, head: &Parts, response: Response) -> Response {
    let status = response.status();
    let retry = response.headers().get(header::RETRY_AFTER).cloned();
    let allow = response.headers().get(header::ALLOW).cloned();
    let probleme = match response.extensions().get::<Probleme>() {
        Some(probleme) => probleme.clone(),
        None if is_drawn(&response) => return response,
        None => Probleme::new(status, plain_detail(status), None),
    };
    let mut drawn = match (kind, head.extensions.get::<App>()) {
        (Kind::Page | Kind::Embed, Some(app)) => (app.error_page())(&probleme, head, app),
        (Kind::Page | Kind::Embed, None) => (status, probleme.detail.clone()).into_response(),
        (Kind::Api | Kind::File, _) => probleme.json_response(),
    };
    *drawn.status_mut() = status;
    for (name, value) in [(header::RETRY_AFTER, retry), (header::ALLOW, allow)] {
        if let Some(value) = value {
            drawn.headers_mut().insert(name, value);
        }
    }
    drawn
}

/// A handler that already drew its page (a form with its errors) keeps it.
fn is_drawn(response: &Response) -> bool {
    let kind = response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .unwrap_or("");
    kind.starts_with("text/html") || kind.starts_with("application/problem+json")
}

fn plain_detail(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "Cette page n’existe pas, ou a été déplacée.",
        StatusCode::METHOD_NOT_ALLOWED => "Cette adresse ne se consulte pas de cette façon.",
        StatusCode::PAYLOAD_TOO_LARGE => "L’envoi dépasse la taille permise.",
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => {
            "L’adresse ou le formulaire contient une valeur qui ne se lit pas. Revenez à la page précédente et vérifiez ce que vous avez saisi."
        }
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "Le format de cet envoi n’est pas prévu.",
        StatusCode::FORBIDDEN => "Cet envoi vient d’un autre site : recommencez depuis nos pages.",
        StatusCode::REQUEST_TIMEOUT => "La réponse a pris trop de temps. Réessayez.",
        _ => "Réessayez ; si l’erreur revient, signalez-la à l’exploitant.",
    }
}
