//! What every request meets before its handler: the sender's address, limits, same-origin writes; and the headers of every answer.

use crate::{
    App,
    errors::Erreur,
    limits::Limiter,
    routes::{self, Kind},
};
use axum::{
    extract::{ConnectInfo, Request},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// The address of who sent the request: the peer's, or what a trusted proxy says of it.
pub fn client_address(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    if !trusted.contains(&peer) {
        return peer;
    }
    // The rightmost address that no proxy of ours wrote: what stands before it can be forged.
    let forwarded = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|v| v.to_str().ok())
        .collect::<Vec<_>>()
        .join(",");
    forwarded
        .split(',')
        .rev()
        .map_while(|text| text.trim().parse::<IpAddr>().ok())
        .find(|address| !trusted.contains(address))
        .unwrap_or(peer)
}

/// The address of a request's sender; the loopback when the server gave none, as in tests.
pub fn sender(request: &Request) -> IpAddr {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(Ipv4Addr::LOCALHOST.into(), |c| c.0.ip());
    let trusted = request.extensions().get::<App>().map(|app| app.settings.clone());
    client_address(
        peer,
        request.headers(),
        trusted.as_ref().map_or(&[], |s| &s.trusted_proxies),
    )
}

/// The name of the session's cookie; over https the browser itself refuses it from another host or path.
pub fn session_cookie(public_url: &str) -> &'static str {
    if public_url.starts_with("https://") {
        "__Host-session"
    } else {
        "session"
    }
}

/// The value of a cookie.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

/// Refuses an API client that asks too much, and a form sent too often.
pub(crate) async fn limit(limiter: &Limiter, request: Request, next: Next) -> Response {
    let is_api = request.uri().path().contains("/api/");
    let is_write = !request.method().is_safe();
    if (is_api || is_write)
        && let Err(secondes) = limiter.take(sender(&request))
    {
        let kind = if is_api { Kind::Api } else { Kind::Page };
        let (head, _) = request.into_parts();
        return routes::as_error(kind, &head, Erreur::Limite { secondes }.into_response()).await;
    }
    next.run(request).await
}

/// Refuses a write that another site started, and sets the security headers.
pub(crate) async fn guard(request: Request, next: Next) -> Response {
    let secure = request
        .extensions()
        .get::<App>()
        .is_some_and(|app| app.settings.public_url.starts_with("https://"));
    let tiles = request
        .extensions()
        .get::<App>()
        .and_then(|app| app.settings.tiles.as_deref().and_then(origin));
    let mut response = if is_cross_site_write(request.method(), request.headers()) {
        let (head, _) = request.into_parts();
        routes::as_error(Kind::Page, &head, StatusCode::FORBIDDEN.into_response()).await
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    let embed = headers.remove("x-maillage-embed").is_some();
    set(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(headers, header::REFERRER_POLICY, "same-origin");
    set(
        headers,
        HeaderName::from_static("permissions-policy"),
        "geolocation=(self), camera=(), microphone=(), payment=()",
    );
    set(
        headers,
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    );
    if secure {
        set(headers, header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    let ancestors = if embed { "*" } else { "'self'" };
    let tiles = tiles.unwrap_or_default();
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: {tiles}; font-src 'self'; connect-src 'self' {tiles}; worker-src 'self' blob:; manifest-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
    }
    response
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.entry(name).or_insert(HeaderValue::from_static(value));
}

/// The origin of an address template, so that the map may ask there and nowhere else.
fn origin(template: &str) -> Option<String> {
    let (scheme, rest) = template.split_once("://")?;
    let host = rest.split('/').next().filter(|h| !h.is_empty())?;
    Some(format!("{scheme}://{host}"))
}

/// Whether another site may have started this write. A browser says where a write comes from; a program that says nothing is let in
/// only without a session.
fn is_cross_site_write(method: &Method, headers: &HeaderMap) -> bool {
    if method.is_safe() {
        return false;
    }
    let text = |name: &HeaderName| headers.get(name).and_then(|v| v.to_str().ok());
    if let Some(site) = text(&HeaderName::from_static("sec-fetch-site")) {
        return !matches!(site, "same-origin" | "none");
    }
    match (text(&header::ORIGIN), text(&header::HOST)) {
        (Some(origin), Some(host)) => origin.split_once("://").map(|(_, o)| o) != Some(host),
        (Some(_), None) => true,
        (None, _) => ["session", "__Host-session"]
            .iter()
            .any(|name| cookie(headers, name).is_some()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(list: &[(&'static str, &'static str)]) -> HeaderMap {
        list.iter()
            .map(|(k, v)| (HeaderName::from_static(k), HeaderValue::from_static(v)))
            .collect()
    }

    #[test]
    fn seul_un_mandataire_de_confiance_dit_l_adresse_de_l_expediteur() {
        let (proxy, other): (IpAddr, IpAddr) = ("10.0.0.1".parse().unwrap(), "198.51.100.7".parse().unwrap());
        let h = headers(&[("x-forwarded-for", "203.0.113.9, 198.51.100.7, 10.0.0.1")]);
        assert_eq!(client_address(proxy, &h, &[proxy]), other);
        assert_eq!(client_address(other, &h, &[proxy]), other);
        assert_eq!(
            client_address(proxy, &headers(&[("x-forwarded-for", "n'importe quoi")]), &[proxy]),
            proxy
        );
    }

    #[test]
    fn un_envoi_commence_par_un_autre_site_est_refuse() {
        let cases = [
            (Method::GET, headers(&[("sec-fetch-site", "cross-site")]), false),
            (Method::POST, headers(&[("sec-fetch-site", "cross-site")]), true),
            (Method::POST, headers(&[("sec-fetch-site", "same-origin")]), false),
            (
                Method::POST,
                headers(&[("origin", "https://ailleurs.example"), ("host", "ici.example")]),
                true,
            ),
            (
                Method::POST,
                headers(&[("origin", "https://ici.example"), ("host", "ici.example")]),
                false,
            ),
            (Method::POST, headers(&[]), false),
            (
                Method::POST,
                headers(&[("cookie", "apparence=clair; session=0a")]),
                true,
            ),
            (
                Method::POST,
                headers(&[("cookie", "session=0a"), ("sec-fetch-site", "same-origin")]),
                false,
            ),
        ];
        for (method, headers, refused) in cases {
            assert_eq!(is_cross_site_write(&method, &headers), refused, "{method} {headers:?}");
        }
    }
}
