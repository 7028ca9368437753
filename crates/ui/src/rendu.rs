//! A template as an answer.

use askama::Template;
use axum::{
    http::{HeaderValue, header},
    response::{Html, IntoResponse, Response},
};
use socle::errors::Erreur;

/// Draws a page; a status other than 200 goes in front: `(form.statut(), rendre(&page)?)`.
///
/// # Errors
/// When the template cannot be drawn, which is a fault.
pub fn rendre(page: &impl Template) -> Result<Response, Erreur> {
    let html = page.render().map_err(Erreur::faute)?;
    let mut reponse = Html(html).into_response();
    // The same address gives other bytes to who chose dark colours or the text version.
    reponse
        .headers_mut()
        .insert(header::VARY, HeaderValue::from_static("cookie, save-data"));
    Ok(reponse)
}
