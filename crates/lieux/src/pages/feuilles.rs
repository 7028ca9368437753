//! What is printed of a place: its sheet, the orientation sheet, the poster with a QR code.

use super::{
    bref,
    en_mots::{self, Ouvertures, ProchainPassage},
    pratique::{self, Mots},
    semaine::semaine_type,
};
use crate::{
    domain::{lieu::Lieu, listes::Frais},
    index::{Index, Lieux},
    textes,
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use qrcodegen::{QrCode, QrCodeEcc};
use socle::{App, clock::Instant, errors::Erreur};
use std::fmt::Write;
use territoire::Referentiel;
use ui::{
    composants::JourDeSemaine,
    page::{Lien, Page},
    rendu::rendre,
};
use uuid::Uuid;

/// The white border of a QR code, in modules: the norm asks for four.
const BORD: i32 = 4;

/// What every sheet says of a place.
#[derive(Debug)]
struct Feuille<'a> {
    lieu: &'a Lieu,
    adresse: String,
    telephone: Option<String>,
    semaine: Vec<JourDeSemaine>,
    semaine_type: Vec<String>,
    passages: Vec<ProchainPassage>,
    services: Vec<String>,
    venue: String,
    gratuit: bool,
    mise_a_jour: String,
    adresse_courte: String,
    retour: String,
}

impl<'a> Feuille<'a> {
    fn de(index: &'a Index, id: Uuid, page: &Page, maintenant: Instant) -> Option<Self> {
        let lieu = index.fiche(id)?;
        let ouvertures = Ouvertures::de(index, lieu)?;
        let t = textes::mots(page);
        let commune = lieu
            .adresse
            .code_insee
            .and_then(|code| Referentiel::embarque().resoudre(code));
        let jours = en_mots::jours(&ouvertures, maintenant);
        let aujourdhui = ouvertures.calendrier.heure_locale(maintenant).date();
        let a = &lieu.adresse;
        let adresse = [
            a.voie.as_str(),
            a.complement.as_deref().unwrap_or_default(),
            &format!("{} {}", a.code_postal, a.commune),
        ]
        .into_iter()
        .filter(|partie| !partie.trim().is_empty())
        .collect::<Vec<_>>()
        .join(", ");
        Some(Self {
            lieu,
            adresse,
            telephone: lieu.contact.telephone.as_ref().map(|numero| numero.affiche()),
            semaine: en_mots::semaine(&jours, commune, page),
            semaine_type: ouvertures
                .horaires
                .map(|lus| semaine_type(lus, ouvertures.calendrier, aujourdhui, page))
                .unwrap_or_default(),
            passages: en_mots::passages(lieu, ouvertures.calendrier, maintenant, page),
            services: lieu
                .services
                .iter()
                .map(|s| t.listes.services.de(*s).to_string())
                .collect(),
            venue: bref::venue_detail(lieu, t).to_string(),
            gratuit: lieu.frais == [Frais::Gratuit],
            mise_a_jour: {
                let t = &pratique::mots(page).feuille;
                en_mots::mise_a_jour(lieu, &t.mise_a_jour, &t.date_inconnue, page)
            },
            adresse_courte: page.absolue(&page.fixe(&format!("/l/{}", courte(lieu.id)))),
            retour: page.url(&format!("/lieux/{}", lieu.id)),
        })
    }
}

/// How many digits of an identifier its short form keeps: the last ones, which chance made.
const CHIFFRES_COURTS: usize = 10;

/// A short form of an identifier, for an address that a person types.
fn courte(id: Uuid) -> String {
    let chiffres = id.simple().to_string();
    chiffres[chiffres.len() - CHIFFRES_COURTS..].to_owned()
}

/// The number that a short form writes.
fn lire_courte(texte: &str) -> Option<u128> {
    let formee = texte.len() == CHIFFRES_COURTS && texte.bytes().all(|b| b.is_ascii_hexdigit());
    u128::from_str_radix(texte, 16).ok().filter(|_| formee)
}

#[derive(Debug, Template)]
#[template(path = "lieux/imprimer.html")]
struct Imprimer<'a> {
    page: Page,
    t: &'static Mots,
    feuille: Feuille<'a>,
}

#[derive(Debug, Template)]
#[template(path = "lieux/fiche_orientation.html")]
struct Orientation<'a> {
    page: Page,
    t: &'static Mots,
    feuille: Feuille<'a>,
}

#[derive(Debug, Template)]
#[template(path = "lieux/affiche.html")]
struct Affiche<'a> {
    page: Page,
    t: &'static Mots,
    feuille: Feuille<'a>,
    qr: Qr,
}

/// `GET /lieux/{identifiant}/imprimer`
pub async fn imprimer(State(app): State<App>, page: Page, Path(id): Path<String>) -> Result<Response, Erreur> {
    let index = app.part::<Lieux>().index();
    let t = pratique::mots(&page);
    let (page, feuille) = preparer(&app, &index, page, &id, &t.feuille.imprimer)?;
    rendre(&Imprimer { page, t, feuille })
}

/// `GET /lieux/{identifiant}/orientation`
pub async fn orientation(State(app): State<App>, page: Page, Path(id): Path<String>) -> Result<Response, Erreur> {
    let index = app.part::<Lieux>().index();
    let t = pratique::mots(&page);
    let (mut page, feuille) = preparer(&app, &index, page, &id, &t.feuille.orientation)?;
    page.scripts.push("orientation.js");
    rendre(&Orientation { page, t, feuille })
}

/// `GET /lieux/{identifiant}/affiche`
pub async fn affiche(State(app): State<App>, page: Page, Path(id): Path<String>) -> Result<Response, Erreur> {
    let index = app.part::<Lieux>().index();
    let t = pratique::mots(&page);
    let (page, feuille) = preparer(&app, &index, page, &id, &t.feuille.affiche)?;
    let qr = Qr::de(&feuille.adresse_courte)?;
    rendre(&Affiche { page, t, feuille, qr })
}

/// `GET /l/{court}`: the short address of a place, printed on posters.
pub async fn court(
    State(app): State<App>,
    page: Page,
    Path(court): Path<String>,
) -> Result<axum::response::Redirect, Erreur> {
    let index = app.part::<Lieux>().index();
    let fin = lire_courte(&court).ok_or(Erreur::Introuvable)?;
    let lieu = index
        .lieux()
        .iter()
        .find(|lieu| lieu.id.as_u128() % (1 << (4 * CHIFFRES_COURTS)) == fin)
        .ok_or(Erreur::Introuvable)?;
    Ok(axum::response::Redirect::temporary(
        &page.url(&format!("/lieux/{}", lieu.id)),
    ))
}

fn preparer<'a>(
    app: &App,
    index: &'a Index,
    mut page: Page,
    identifiant: &str,
    titre: &ui::textes::Phrase,
) -> Result<(Page, Feuille<'a>), Erreur> {
    let id = index.resoudre(identifiant).ok_or(Erreur::Introuvable)?;
    let feuille = Feuille::de(index, id, &page, app.clock.now()).ok_or(Erreur::Introuvable)?;
    pratique::preparer(&mut page, format!("{} – {titre}", feuille.lieu.nom), true);
    page.fil
        .push(Lien::new(feuille.lieu.nom.clone(), feuille.retour.clone()));
    page.canonique = Some(format!("/lieux/{id}"));
    page.scripts = vec!["imprimer.js"];
    Ok((page, feuille))
}

/// A QR code as one path of squares.
#[derive(Debug)]
struct Qr {
    cote: i32,
    trace: String,
}

impl Qr {
    fn de(texte: &str) -> Result<Self, Erreur> {
        let code = QrCode::encode_text(texte, QrCodeEcc::Medium).map_err(|e| Erreur::faute(e.to_string()))?;
        let mut trace = String::new();
        for y in 0..code.size() {
            for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
                let _ = write!(trace, "M{},{}h1v1h-1z", x + BORD, y + BORD);
            }
        }
        Ok(Self {
            cote: code.size() + 2 * BORD,
            trace,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn le_code_d_une_adresse_est_un_carre_borde_de_blanc() {
        let qr = Qr::de("https://exemple.fr/l/01234567").unwrap();
        assert_eq!(qr.cote, 29 + 2 * BORD);
        assert!(qr.trace.starts_with("M4,4h1v1h-1z"));
    }

    #[test]
    fn l_adresse_courte_garde_dix_chiffres_du_hasard() {
        assert_eq!(
            courte(Uuid::from_u128(0x0123_4567_89ab_7cde_8f01_2345_6789_abcd)),
            "456789abcd"
        );
    }
}
