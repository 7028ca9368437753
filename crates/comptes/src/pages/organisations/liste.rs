//! The organisations of one's perimeter, by name, and the same as a file.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use socle::{
    App,
    change::Stored,
    db::{DbResult, Tx},
    errors::Erreur,
    permissions::{Actor, Scope, may_try, scope},
};
use territoire::plier;
use ui::{
    composants::{Colonne, Pagination, Tableau, Valeur},
    csv::Csv,
    form::Formulaire,
    page::Page,
    rendu::rendre,
};
use uuid::Uuid;

use super::{adresse, nom_de_commune};
use crate::{
    domain::{forme::FormeJuridique, identifiant::Siren, organisation::Organisation},
    permissions::{CreerOrganisation, VoirOrganisations},
    store::organisation::{Bref, Recherche, lister},
};

const PAR_PAGE: u32 = 50;
const PAR_LOT: u32 = 500;

#[derive(Debug, Template)]
#[template(path = "comptes/organisations/liste.html")]
struct Liste {
    page: Page,
    q: String,
    tableau: Tableau,
    pagination: Pagination,
    fichier: String,
    nouvelle: Option<String>,
}

/// `GET /organisations?q=&apres=`
pub async fn montrer(
    State(app): State<App>,
    page: Page,
    acteur: Actor,
    Query(valeurs): Query<Vec<(String, String)>>,
) -> Result<Response, Erreur> {
    let (_, portee) = scope::<VoirOrganisations>(&acteur)?;
    let form = Formulaire::rempli(valeurs);
    let q = form.valeur("q").to_owned();
    let mut tx = app.db.read().await?;
    let apres = place(&mut tx, form.valeur("apres")).await?;
    let suite = apres.as_ref().map(|(plie, id)| (plie.as_str(), *id));
    let mut lignes = lister(&mut tx, &portee, &Recherche::lire(&q), suite, PAR_PAGE + 1).await?;
    let encore = lignes.len() > PAR_PAGE as usize;
    lignes.truncate(PAR_PAGE as usize);
    let page = super::page(page, "Organisations");
    let requete = |apres: Option<Uuid>| {
        let mut parametres = form_urlencoded::Serializer::new(String::new());
        if !q.is_empty() {
            parametres.append_pair("q", &q);
        }
        if let Some(id) = apres {
            parametres.append_pair("apres", &id.to_string());
        }
        parametres.finish()
    };
    let suivante = lignes
        .last()
        .filter(|_| encore)
        .map(|derniere| requete(Some(derniere.id)));
    let url = |requete: String| page.url(&format!("/organisations?{requete}"));
    rendre(&Liste {
        tableau: tableau(&page, &lignes),
        pagination: Pagination::par_cle(None, suivante.map(url)),
        fichier: page.fixe(&format!("/organisations/liste.csv?{}", requete(None))),
        nouvelle: may_try::<CreerOrganisation>(&acteur).then(|| page.url("/organisations/nouvelle")),
        q,
        page,
    })
}

/// The line after which the list goes on; the address holds an identifier, never a name.
async fn place(tx: &mut Tx, apres: &str) -> DbResult<Option<(String, Uuid)>> {
    let Ok(id) = apres.parse() else { return Ok(None) };
    let organisation = Organisation::load(tx, id).await?;
    Ok(organisation.map(|o| (plier(o.nom()), o.id)))
}

fn tableau(page: &Page, lignes: &[Bref]) -> Tableau {
    let ligne = |bref: &Bref| {
        vec![
            Valeur::lien(&bref.nom, adresse(page, bref.id)),
            Valeur::texte(forme(bref)),
            Valeur::texte(commune(bref)),
            Valeur::texte(siren(bref)),
        ]
    };
    Tableau {
        legende: "Organisations de votre périmètre, par nom".to_owned(),
        colonnes: ["Nom", "Nature", "Commune du siège", "SIREN"].map(Colonne::new).into(),
        lignes: lignes.iter().map(ligne).collect(),
    }
}

fn forme(bref: &Bref) -> &'static str {
    FormeJuridique::lire(&bref.forme).map_or("", FormeJuridique::libelle)
}

fn commune(bref: &Bref) -> String {
    let code = bref.commune.as_deref().and_then(|code| code.parse().ok());
    code.map(nom_de_commune).unwrap_or_default()
}

fn siren(bref: &Bref) -> String {
    let siren = bref.siren.as_deref().and_then(|siren| siren.parse::<Siren>().ok());
    siren.map(|siren| siren.presente()).unwrap_or_default()
}

/// `GET /organisations/liste.csv?q=`: semicolons and a byte order mark, which French spreadsheets expect.
pub async fn telecharger(
    State(app): State<App>,
    acteur: Actor,
    Query(valeurs): Query<Vec<(String, String)>>,
) -> Result<Response, Erreur> {
    let (_, portee) = scope::<VoirOrganisations>(&acteur)?;
    let form = Formulaire::rempli(valeurs);
    let mut tx = app.db.read().await?;
    let csv = csv(&mut tx, &portee, &Recherche::lire(form.valeur("q"))).await?;
    Ok(csv.reponse("organisations"))
}

async fn csv(tx: &mut Tx, portee: &Scope, recherche: &Recherche) -> DbResult<Csv> {
    let mut csv = Csv::new([
        "id",
        "nom",
        "nature",
        "siren",
        "code_insee_du_siege",
        "commune_du_siege",
    ]);
    let mut apres: Option<(String, Uuid)> = None;
    loop {
        let suite = apres.as_ref().map(|(plie, id)| (plie.as_str(), *id));
        let lot = lister(tx, portee, recherche, suite, PAR_LOT).await?;
        for bref in &lot {
            let code = bref.commune.as_deref().unwrap_or_default();
            let siren = bref.siren.as_deref().unwrap_or_default();
            csv.ligne([
                &bref.id.to_string(),
                &bref.nom,
                &bref.forme,
                siren,
                code,
                &commune(bref),
            ]);
        }
        match lot.into_iter().last() {
            Some(derniere) => apres = Some((derniere.nom_plie, derniere.id)),
            None => return Ok(csv),
        }
    }
}
