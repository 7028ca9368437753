//! An organisation: what it is, its establishments, its names through time, the files that it was made of.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use socle::{
    App,
    change::Stored,
    errors::Erreur,
    permissions::{Actor, authorise},
};
use ui::{
    composants::{Colonne, Description, Tableau, Valeur},
    page::{Lien, Page},
    rendu::rendre,
};
use uuid::Uuid;

use super::{adresse, charger, nom_de_commune};
use crate::{
    domain::organisation::{EtatOrganisation, Organisation},
    permissions::{FusionnerOrganisations, ModifierOrganisation, VoirOrganisations},
    reconnaissance::jour,
    store::fusion_organisation::{FusionGardee, de_organisation as fusions},
};

#[derive(Debug, Template)]
#[template(path = "comptes/organisations/fiche.html")]
struct Fiche {
    page: Page,
    reunie_a: Option<Lien>,
    descriptions: Vec<Description>,
    etablissements: Tableau,
    noms: Tableau,
    reunions: Vec<Reunion>,
    modifier: Option<String>,
    etablissement: Option<String>,
    reunir: Option<String>,
}

/// A merge into this organisation, as it is shown.
#[derive(Debug)]
struct Reunion {
    faite_le: String,
    raison: String,
    separee_le: Option<String>,
    autre: String,
    /// Where the merge is undone; nothing when it was, or when the actor may not.
    separer: Option<String>,
}

/// `GET /organisations/{id}`
pub async fn montrer(
    State(app): State<App>,
    page: Page,
    acteur: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Erreur> {
    let mut tx = app.db.read().await?;
    let organisation = charger::<VoirOrganisations>(&mut tx, &acteur, id).await?;
    let gardees = fusions(&mut tx, id).await?;
    let reste = match organisation.etat {
        EtatOrganisation::Active => None,
        EtatOrganisation::Fusionnee { dans, .. } => Organisation::load(&mut tx, dans).await?,
    };
    let active = reste.is_none();
    let page = super::page(page, titre(&organisation));
    let lien = |suite: &str| page.url(&format!("/organisations/{id}/{suite}"));
    let peut_modifier = active && authorise::<ModifierOrganisation>(&acteur, &organisation).is_ok();
    let peut_reunir = active && authorise::<FusionnerOrganisations>(&acteur, &organisation).is_ok();
    rendre(&Fiche {
        reunie_a: reste.map(|reste| Lien::new(reste.nom(), adresse(&page, reste.id))),
        descriptions: descriptions(&organisation),
        etablissements: etablissements(&organisation),
        noms: noms(&page, &organisation),
        reunions: gardees.into_iter().map(|g| reunion(&page, g, peut_reunir)).collect(),
        modifier: peut_modifier.then(|| lien("modifier")),
        etablissement: peut_modifier.then(|| lien("etablissement")),
        reunir: peut_reunir.then(|| lien("reunir")),
        page,
    })
}

fn titre(organisation: &Organisation) -> String {
    match organisation.nom() {
        "" => "Fiche réunie à une autre".to_owned(),
        nom => nom.to_owned(),
    }
}

fn descriptions(organisation: &Organisation) -> Vec<Description> {
    let numero = |libelle: &'static str, numero: Option<String>| {
        Description::new(libelle, numero.unwrap_or_else(|| "Non renseigné".to_owned()))
    };
    let mut liste = vec![
        Description::new("Nature", organisation.forme.libelle()),
        numero("SIREN", organisation.siren.as_ref().map(|n| n.presente())),
    ];
    if organisation.forme.est_associative() || organisation.rna.is_some() {
        liste.push(numero("RNA", organisation.rna.as_ref().map(|n| n.presente())));
    }
    liste
}

fn etablissements(organisation: &Organisation) -> Tableau {
    let lignes = organisation.etablissements.iter().map(|e| {
        let nom = e.nom.clone().unwrap_or_else(|| organisation.nom().to_owned());
        let siege = if e.siege { " (siège)" } else { "" };
        vec![
            Valeur::texte(format!("{nom}{siege}")),
            Valeur::texte(e.identifiant.to_string()),
            Valeur::texte(e.adresse.clone().unwrap_or_default()),
            Valeur::texte(e.commune.map(nom_de_commune).unwrap_or_default()),
        ]
    });
    Tableau {
        legende: "Établissements".to_owned(),
        colonnes: ["Nom", "Numéro", "Adresse", "Commune"].map(Colonne::new).into(),
        lignes: lignes.collect(),
    }
}

fn noms(page: &Page, organisation: &Organisation) -> Tableau {
    let lignes = organisation.noms.iter().rev().map(|nom| {
        let au = nom.au.map_or_else(|| "aujourd’hui".to_owned(), |au| page.date(au));
        vec![
            Valeur::texte(&nom.nom),
            Valeur::texte(page.date(nom.du)),
            Valeur::texte(au),
            Valeur::texte(nom.source.libelle()),
        ]
    });
    Tableau {
        legende: "Noms au fil du temps".to_owned(),
        colonnes: ["Nom", "Depuis", "Jusqu’à", "Source"].map(Colonne::new).into(),
        lignes: lignes.collect(),
    }
}

fn reunion(page: &Page, gardee: FusionGardee, peut_separer: bool) -> Reunion {
    let FusionGardee { fusion, defaite_at } = gardee;
    let separer = page.url(&format!("/organisations/fusions/{}/separer", fusion.id));
    Reunion {
        faite_le: page.date(jour(fusion.at)),
        autre: adresse(page, fusion.part),
        raison: fusion.raison,
        separee_le: defaite_at.map(|at| page.date(jour(at))),
        separer: (peut_separer && defaite_at.is_none()).then_some(separer),
    }
}
