//! Registering an organisation in two steps: its number, then what is known of it, from the directory or by hand.

use askama::Template;
use axum::{
    Form,
    extract::State,
    response::{IntoResponse, Response},
};
use socle::{
    App,
    change::{Act, Stored},
    errors::{Erreur, Refus},
    permissions::{Actor, authorise, may_try},
};
use territoire::plier;
use ui::{
    composants::{Choix, Etape, EtatEtape, Ton},
    form::Formulaire,
    page::{Lien, Page},
    rendu::rendre,
};

use super::{adresse, saisie, vers};
use crate::{
    actions::organisation::{self as actions, Nouvelle},
    annuaire::{self, Demande, FicheAnnuaire, Silence},
    domain::{
        identifiant::IdentifiantEtablissement,
        organisation::{Organisation, SourceNom, lire_nom},
    },
    permissions::{CreerOrganisation, VoirOrganisations},
    reconnaissance::jour,
    store::organisation::{self as organisations, par_numero},
};

#[derive(Debug, Template)]
#[template(path = "comptes/organisations/numero.html")]
struct Numero {
    page: Page,
    etapes: Vec<Etape>,
    form: Formulaire,
    genres: Vec<Choix>,
    /// The organisation that already has this number.
    connue: Option<Lien>,
}

#[derive(Debug, Template)]
#[template(path = "comptes/organisations/nouvelle.html")]
struct Saisie {
    page: Page,
    etapes: Vec<Etape>,
    form: Formulaire,
    formes: Vec<Choix>,
    identifiant: String,
    ton: Ton,
    annonce: &'static str,
}

fn etapes(page: &Page, seconde: bool) -> Vec<Etape> {
    let etape = |libelle: &'static str, etat, url| Etape {
        libelle: libelle.into(),
        etat,
        url,
    };
    if seconde {
        let retour = Some(page.url("/organisations/nouvelle"));
        vec![
            etape("Numéro", EtatEtape::Faite, retour),
            etape("Vérification", EtatEtape::EnCours, None),
        ]
    } else {
        vec![
            etape("Numéro", EtatEtape::EnCours, None),
            etape("Vérification", EtatEtape::AVenir, None),
        ]
    }
}

fn premiere(page: Page, form: Formulaire, connue: Option<Lien>) -> Result<Response, Erreur> {
    let statut = form.statut();
    let page = super::page(page, "Enregistrer une organisation");
    let vue = Numero {
        etapes: etapes(&page, false),
        form,
        genres: saisie::genres(),
        connue,
        page,
    };
    Ok((statut, rendre(&vue)?).into_response())
}

fn seconde(
    page: Page,
    form: Formulaire,
    identifiant: &IdentifiantEtablissement,
    (ton, annonce): (Ton, &'static str),
) -> Result<Response, Erreur> {
    let statut = form.statut();
    let page = super::page(page, "Vérifier l’organisation");
    let vue = Saisie {
        etapes: etapes(&page, true),
        form,
        formes: saisie::formes(),
        identifiant: identifiant.to_string(),
        ton,
        annonce,
        page,
    };
    Ok((statut, rendre(&vue)?).into_response())
}

/// `GET /organisations/nouvelle`
pub async fn demander(page: Page) -> Result<Response, Erreur> {
    premiere(page, Formulaire::vide().avec("genre", "siret"), None)
}

/// `POST /organisations/nouvelle`: the number, and what the directory says of it.
pub async fn consulter(
    State(app): State<App>,
    page: Page,
    acteur: Actor,
    Form(valeurs): Form<Vec<(String, String)>>,
) -> Result<Response, Erreur> {
    let mut form = Formulaire::rempli(valeurs);
    let Some(identifiant) = saisie::identifiant(&mut form) else {
        return premiere(page, form, None);
    };
    if let Some(organisation) = connue(&app, &identifiant).await? {
        form.refuser("numero", "une organisation enregistrée ici porte déjà ce numéro");
        // A file out of reach is not opened by a link.
        let visible = authorise::<VoirOrganisations>(&acteur, &organisation).is_ok();
        let lien = || {
            Lien::new(
                "Voir l’organisation qui porte ce numéro",
                adresse(&page, organisation.id),
            )
        };
        let lien = visible.then(lien);
        return premiere(page, form, lien);
    }
    let (form, annonce) = match demander_a_l_annuaire(&app, &identifiant).await {
        None => (form, (Ton::Info, "Remplissez les champs vous-même.")),
        Some(Err(silence)) => (form, (Ton::Attention, silence.phrase())),
        Some(Ok(fiche)) => {
            let annonce = annonce(&fiche);
            (prerempli(form, fiche), annonce)
        }
    };
    seconde(page, form, &identifiant, annonce)
}

/// What the directory says of a number that it may know.
async fn demander_a_l_annuaire(
    app: &App,
    identifiant: &IdentifiantEtablissement,
) -> Option<Result<FicheAnnuaire, Silence>> {
    match identifiant {
        IdentifiantEtablissement::Siret(siret) => Some(annuaire::consulter(app, &Demande::Siret(siret.clone())).await),
        _ => None,
    }
}

/// The organisation that has this establishment, or its SIREN.
async fn connue(app: &App, identifiant: &IdentifiantEtablissement) -> Result<Option<Organisation>, Erreur> {
    let mut tx = app.db.read().await?;
    let siren = identifiant.siren();
    let numeros = [
        organisations::Numero::de(identifiant),
        siren.as_ref().map(|siren| organisations::Numero::Siren(siren.as_str())),
    ];
    for numero in numeros.into_iter().flatten() {
        if let Some(id) = par_numero(&mut tx, numero).await? {
            return Ok(Organisation::load(&mut tx, id).await?);
        }
    }
    Ok(None)
}

fn annonce(fiche: &FicheAnnuaire) -> (Ton, &'static str) {
    if fiche.cessee {
        (
            Ton::Attention,
            "L’annuaire des entreprises indique que cette organisation a cessé son activité. Vérifiez avant de l’enregistrer.",
        )
    } else if fiche.ferme {
        (
            Ton::Attention,
            "L’annuaire des entreprises indique que cet établissement est fermé. Vérifiez avant de l’enregistrer.",
        )
    } else {
        (
            Ton::Succes,
            "L’annuaire des entreprises connaît ce numéro : vérifiez ce qu’il en dit, et corrigez au besoin.",
        )
    }
}

fn prerempli(form: Formulaire, fiche: FicheAnnuaire) -> Formulaire {
    let valeurs = [
        ("nom", fiche.nom),
        ("forme", fiche.forme.map(|forme| forme.code().to_owned())),
        ("rna", fiche.rna.map(|rna| rna.to_string())),
        ("nom_etablissement", fiche.enseigne),
        ("adresse", fiche.adresse),
        ("commune", fiche.commune.map(saisie::ecrire_commune)),
    ];
    valeurs
        .into_iter()
        .filter_map(|(champ, valeur)| Some((champ, valeur?)))
        .fold(form, |form, (champ, valeur)| form.avec(champ, valeur))
}

/// `POST /organisations`: what was checked is registered.
pub async fn creer(
    State(app): State<App>,
    page: Page,
    acteur: Actor,
    Form(valeurs): Form<Vec<(String, String)>>,
) -> Result<Response, Erreur> {
    let mut form = Formulaire::rempli(valeurs);
    let Some(identifiant) = saisie::identifiant(&mut form) else {
        return premiere(page, form, None);
    };
    let act = Act::now(&app, &acteur);
    let Some(nouvelle) = lire(&app, &act, &mut form, &identifiant).await else {
        return seconde(page, form, &identifiant, A_CORRIGER);
    };
    let situee = nouvelle.etablissement.commune.is_some();
    let mut tx = app.db.write().await?;
    let faite = actions::creer(&act, &mut tx, nouvelle, jour(act.at)).await;
    let faite = faite.map_err(|erreur| match erreur {
        // Whoever may register somewhere is told why not here: nothing is revealed, since nothing is there yet.
        Erreur::Introuvable if may_try::<CreerOrganisation>(&acteur) => {
            let message = if situee {
                "cette commune est hors de votre périmètre : demandez à l’agence nationale d’enregistrer l’organisation"
            } else {
                "sans commune, seule l’agence nationale peut enregistrer l’organisation"
            };
            Refus::champ("commune", message).into()
        }
        autre => autre,
    });
    match form.conclure(tx, faite, "nom").await? {
        Some(creee) => Ok(vers(&adresse(&page, creee.id))),
        None => seconde(page, form, &identifiant, A_CORRIGER),
    }
}

const A_CORRIGER: (Ton, &str) = (
    Ton::Attention,
    "Rien n’est encore enregistré : corrigez les champs signalés.",
);

async fn lire(
    app: &App,
    act: &Act<'_>,
    form: &mut Formulaire,
    identifiant: &IdentifiantEtablissement,
) -> Option<Nouvelle> {
    let nom = form.lire("nom", lire_nom);
    let forme = saisie::forme(form);
    let rna = saisie::rna(form);
    let etablissement = saisie::etablissement(form, act.id(), identifiant.clone(), true);
    let (nom, forme, rna, etablissement) = (nom?, forme?, rna?, etablissement?);
    // What a form sends proves nothing: the directory is asked again who gave the name.
    let source = match demander_a_l_annuaire(app, identifiant).await {
        Some(Ok(fiche)) if fiche.nom.as_deref().map(plier) == Some(plier(&nom)) => SourceNom::Annuaire,
        _ => SourceNom::Declare,
    };
    Some(Nouvelle {
        forme,
        nom,
        source,
        rna,
        etablissement,
    })
}
