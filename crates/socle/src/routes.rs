//! Routes that name their action: a page, a public embeddable page, or an entry of the API.

use crate::{
    App,
    errors::{Erreur, Probleme},
    permissions::Action,
};
use axum::{
    Router,
    extract::Request,
    handler::Handler,
    http::{HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{MethodFilter, on},
};

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
    /// How it answers.
    pub kind: Kind,
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
    pub fn add<A, H, T>(mut self, kind: Kind, method: Method, path: &'static str, handler: H) -> Self
    where
        A: Action,
        H: Handler<T, App>,
        T: 'static,
    {
        let filter = MethodFilter::try_from(method.clone()).unwrap_or(MethodFilter::GET);
        let route = on(filter, handler).layer(middleware::from_fn(move |request, next| shape(kind, request, next)));
        self.router = self.router.route(path, route);
        self.list.push(RouteInfo {
            method,
            path,
            action: A::NAME,
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

/// Gives a response the headers of its kind, and an error the look of its kind.
async fn shape(kind: Kind, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let head = parts.clone();
    let mut response = in_time(&head, next.run(Request::from_parts(parts, body))).await;
    if response.status().is_client_error() || response.status().is_server_error() {
        response = as_error(kind, &head, response).await;
    }
    let headers = response.headers_mut();
    if kind == Kind::Embed {
        headers.insert("x-maillage-embed", HeaderValue::from_static("1"));
    }
    if kind == Kind::Api {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    }
    response
}

/// What the handler answers, unless the operator's delay ends first; then its work is dropped, and its transaction with it.
async fn in_time(head: &Parts, answer: impl Future<Output = Response>) -> Response {
    let Some(app) = head.extensions.get::<App>() else {
        return answer.await;
    };
    let late = |_| Erreur::Delai.into_response();
    tokio::time::timeout(app.settings.request_timeout, answer)
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
