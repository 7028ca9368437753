//! Whether the service works, in plain words; programs ask `/sante`.

use crate::textes::{Mots, mots, preparer};
use askama::Template;
use axum::{extract::State, response::Response};
use lieux::index::Lieux;
use socle::{App, db::migrations, errors::Erreur};
use ui::{page::Page, rendu::rendre, textes::Phrase};

#[derive(Debug, Template)]
#[template(path = "site/statut.html")]
struct Statut {
    page: Page,
    t: &'static Mots,
    base_repond: bool,
    lieux: usize,
    version: Phrase,
    releve: Phrase,
}

pub(crate) async fn page(State(app): State<App>, mut page: Page) -> Result<Response, Erreur> {
    let t = mots(&page);
    preparer(&mut page, &t.statut.titre);
    page.noindex = true;
    let base_repond = match app.db.read().await {
        Ok(mut tx) => migrations::version(&mut tx).await.is_ok(),
        Err(_) => false,
    };
    let local = app.clock.now().civil_in("Europe/Paris");
    let releve = t
        .statut
        .releve
        .avec("date", page.date(local.date()))
        .avec("heure", page.heure(local.time()));
    rendre(&Statut {
        base_repond,
        lieux: app.part::<Lieux>().index().total(),
        version: t.statut.version.avec("version", env!("CARGO_PKG_VERSION")),
        releve,
        page,
        t,
    })
}
