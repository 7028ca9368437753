//! The open data: a page that lists the files, and the files.

use super::pratique::{self, Mots};
use crate::{
    domain::export::territoire,
    index::Lieux,
    publication::{Fichier, Format, Publication},
};
use askama::Template;
use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::stream::try_unfold;
use socle::{
    App,
    errors::{Erreur, Refus},
};
use tokio::{fs::File, io::AsyncReadExt};
use ui::{composants, page::Page, rendu::rendre};

/// Bytes read from a file at a time.
const MORCEAU: usize = 1 << 16;
/// The licence, as a link header says it.
const LICENCE: &str = "<https://spdx.org/licenses/etalab-2.0.html>; rel=\"license\"";

#[derive(Debug, Template)]
#[template(path = "lieux/donnees.html")]
struct PageDonnees {
    page: Page,
    t: &'static Mots,
    fichiers: Vec<(composants::Fichier, String)>,
}

/// `GET /donnees-ouvertes`
pub async fn page(State(app): State<App>, mut page: Page) -> Result<Response, Erreur> {
    let t = pratique::mots(&page);
    pratique::preparer(&mut page, t.donnees.titre.to_string(), false);
    let edition = app.try_part::<Publication>().and_then(|p| p.edition());
    let fichiers = edition.iter().flat_map(|edition| {
        let date = page.date(edition.at.day_in("Europe/Paris"));
        let page = &page;
        edition
            .fichiers
            .iter()
            .map(move |fichier| (description(fichier, &date, t, page), fichier.sha256.clone()))
    });
    let fichiers = fichiers.collect();
    rendre(&PageDonnees { page, t, fichiers })
}

fn description(fichier: &Fichier, date: &str, t: &Mots, page: &Page) -> composants::Fichier {
    let (nom, format) = match fichier.format {
        Format::Csv => (&t.donnees.csv, "CSV"),
        Format::Json => (&t.donnees.json, "JSON"),
        Format::GeoJson => (&t.donnees.geojson, "GeoJSON"),
        Format::DataInclusion => (&t.donnees.data_inclusion, "JSON"),
    };
    composants::Fichier {
        nom: nom.to_string(),
        url: page.fixe(&format!("/donnees-ouvertes/lieux.{}", fichier.format.extension())),
        format: format.to_owned(),
        octets: Some(fichier.octets),
        mis_a_jour: Some(date.to_owned()),
    }
}

/// `GET /donnees-ouvertes/{fichier}`: a published file, or the same for a territory.
pub async fn fichier(State(app): State<App>, entetes: HeaderMap, Path(nom): Path<String>) -> Result<Response, Erreur> {
    let (format, code) = Format::du_nom(&nom).ok_or(Erreur::Introuvable)?;
    if !code.is_empty() {
        return du_territoire(&app, format, code);
    }
    let edition = app
        .try_part::<Publication>()
        .and_then(|p| p.edition())
        .ok_or(Erreur::Introuvable)?;
    let fichier = edition
        .fichiers
        .iter()
        .find(|f| f.format == format)
        .ok_or(Erreur::Introuvable)?;
    let etag = format!("\"{}\"", &fichier.sha256[..32]);
    let mut reponse = if accepte(&entetes, header::IF_NONE_MATCH, &etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else if accepte(&entetes, header::ACCEPT_ENCODING, "gzip") {
        let mut reponse = contenu(&fichier.chemin.with_added_extension("gz")).await?;
        reponse
            .headers_mut()
            .insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        reponse
    } else {
        contenu(&fichier.chemin).await?
    };
    let date = edition.at.timestamp().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    for (cle, valeur) in [(header::ETAG, etag), (header::LAST_MODIFIED, date)] {
        reponse
            .headers_mut()
            .insert(cle, HeaderValue::try_from(valeur).map_err(Erreur::faute)?);
    }
    if let Ok(empreinte) = HeaderValue::try_from(format!("sha-256={}", fichier.sha256)) {
        reponse.headers_mut().insert("x-checksum", empreinte);
    }
    Ok(habiller(reponse, format))
}

/// The places of a territory, written on the spot.
fn du_territoire(app: &App, format: Format, code: &str) -> Result<Response, Erreur> {
    let perimetre = territoire::lire(code).map_err(|e| Erreur::Demande(Refus::champ("territoire", e.to_string())))?;
    let index = app.part::<Lieux>().index();
    let mut corps = Vec::new();
    let lieux: Vec<_> = index
        .lieux()
        .iter()
        .filter(|lieu| territoire::contient(&perimetre, lieu))
        .collect();
    format
        .ecrire(&mut corps, lieux.iter().copied())
        .map_err(Erreur::faute)?;
    Ok(habiller(corps.into_response(), format))
}

fn habiller(mut reponse: Response, format: Format) -> Response {
    let entetes = reponse.headers_mut();
    entetes.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.type_mime()));
    entetes.insert(header::LINK, HeaderValue::from_static(LICENCE));
    entetes.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    entetes.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    entetes.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    reponse
}

fn accepte(entetes: &HeaderMap, cle: header::HeaderName, valeur: &str) -> bool {
    let listes = entetes.get_all(cle).iter().filter_map(|v| v.to_str().ok());
    listes
        .flat_map(|liste| liste.split(','))
        .any(|v| v.trim().trim_start_matches("W/").split(';').next() == Some(valeur))
}

/// A file sent piece by piece.
async fn contenu(chemin: &std::path::Path) -> Result<Response, Erreur> {
    let fichier = File::open(chemin).await.map_err(Erreur::faute)?;
    let taille = fichier.metadata().await.map_err(Erreur::faute)?.len();
    let morceaux = try_unfold(fichier, |mut fichier| async move {
        let mut tampon = vec![0; MORCEAU];
        let lus = fichier.read(&mut tampon).await?;
        tampon.truncate(lus);
        Ok::<_, std::io::Error>((lus > 0).then_some((tampon, fichier)))
    });
    let mut reponse = Body::from_stream(morceaux).into_response();
    reponse.headers_mut().insert(header::CONTENT_LENGTH, taille.into());
    Ok(reponse)
}
