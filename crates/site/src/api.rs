//! The OpenAPI document of every context, and a page to read it.

use crate::textes::{Mots, mots, preparer};
use askama::Template;
use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use serde_json::Value;
use socle::{App, errors::Erreur};
use ui::{
    composants::{Colonne, Tableau, Valeur},
    formats,
    page::Page,
    rendu::rendre,
};

/// The whole document; `public_url` is the server's address.
pub fn openapi(public_url: &str) -> utoipa::openapi::OpenApi {
    let info = utoipa::openapi::InfoBuilder::new()
        .title("Maillage")
        .version("1")
        .description(Some("Lieux de médiation numérique et territoires de France. Lecture libre, sans inscription. Données sous Licence Ouverte 2.0."))
        .build();
    let mut document = utoipa::openapi::OpenApiBuilder::new()
        .info(info)
        .servers(Some([utoipa::openapi::Server::new(public_url)]))
        .build();
    document.merge(territoire::openapi());
    document.merge(lieux::openapi());
    document.merge(territoire::openapi());
    document
}

pub(crate) async fn document(State(app): State<App>) -> Response {
    Json(openapi(&app.settings.public_url)).into_response()
}

#[derive(Debug, Template)]
#[template(path = "site/api.html")]
struct PageApi {
    page: Page,
    t: &'static Mots,
    operations: Vec<Operation>,
}

#[derive(Debug)]
struct Operation {
    chemin: String,
    resume: String,
    description: String,
    parametres: Option<Tableau>,
    reponses: Tableau,
    essai: Option<String>,
}

pub(crate) async fn page(State(app): State<App>, mut page: Page) -> Result<Response, Erreur> {
    let t = mots(&page);
    preparer(&mut page, &t.api.titre);
    page.langues.clear();
    let document = serde_json::to_value(openapi(&app.settings.public_url)).map_err(Erreur::faute)?;
    let operations = operations(&document, &page, t);
    rendre(&PageApi { page, t, operations })
}

fn operations(document: &Value, page: &Page, t: &'static Mots) -> Vec<Operation> {
    let Some(chemins) = document["paths"].as_object() else {
        return Vec::new();
    };
    let lire = |v: &Value| formats::insecables(v.as_str().unwrap_or_default()).into_owned();
    chemins
        .iter()
        .map(|(chemin, methodes)| {
            let operation = &methodes["get"];
            // A link can try what asks for nothing.
            let exigeant = operation["parameters"]
                .as_array()
                .is_some_and(|liste| liste.iter().any(|p| p["required"] == true));
            let parametres = operation["parameters"]
                .as_array()
                .filter(|p| !p.is_empty())
                .map(|liste| Tableau {
                    legende: t.api.parametres.avec("chemin", chemin).to_string(),
                    colonnes: [&t.api.nom, &t.api.ou, &t.api.description]
                        .map(|c| Colonne::new(c.to_string()))
                        .to_vec(),
                    lignes: liste
                        .iter()
                        .map(|p| {
                            [&p["name"], &p["in"], &p["description"]]
                                .map(|v| Valeur::texte(lire(v)))
                                .to_vec()
                        })
                        .collect(),
                });
            let reponses = operation["responses"].as_object().into_iter().flatten();
            Operation {
                essai: (!exigeant).then(|| page.fixe(chemin)),
                chemin: chemin.clone(),
                resume: lire(&operation["summary"]),
                description: lire(&operation["description"]),
                parametres,
                reponses: Tableau {
                    legende: t.api.reponses.avec("chemin", chemin).to_string(),
                    colonnes: [&t.api.code, &t.api.description]
                        .map(|c| Colonne::new(c.to_string()))
                        .to_vec(),
                    lignes: reponses
                        .map(|(code, r)| vec![Valeur::texte(code.clone()), Valeur::texte(lire(&r["description"]))])
                        .collect(),
                },
            }
        })
        .collect()
}
