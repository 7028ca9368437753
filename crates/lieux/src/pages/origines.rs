//! Where the information of a place comes from, field by field, in words.

use crate::{
    domain::{lieu::ajouter_une_fois, standard::colonnes::COLONNES},
    store::import::{self, Origine},
    textes::Mots,
};
use socle::App;
use std::time::Duration;
use tokio::time::timeout;
use ui::{
    composants::{Description, Valeur},
    textes::Phrase,
};
use uuid::Uuid;

/// The rule of a field that was kept as it came.
const TEL_QUEL: &str = "tel quel";

/// How long the page waits for what it can do without.
const ATTENTE: Duration = Duration::from_millis(500);

/// Where the fields of a place come from; nothing while the database does not answer, since the rest of the page is in memory.
pub async fn lire(app: &App, lieu: Uuid) -> Vec<Origine> {
    let lecture = async { import::origines(&mut app.db.read().await?, lieu).await };
    let lues = timeout(ATTENTE, lecture).await;
    lues.unwrap_or(Err(sqlx::Error::PoolTimedOut)).unwrap_or_else(|error| {
        tracing::warn!(%error, "the origin of the fields cannot be read");
        Vec::new()
    })
}

/// The fields in the order of the standard, those of one name together, each with its sources and what was mended.
pub fn decrire(mut origines: Vec<Origine>, t: &'static Mots) -> Vec<Description> {
    origines.sort_by_key(|origine| COLONNES.iter().position(|c| *c == origine.champ));
    let mut lignes: Vec<(&'static str, Vec<String>)> = Vec::new();
    for origine in &origines {
        let Some(nom) = nom(&origine.champ, t) else { continue };
        let rang = lignes
            .iter()
            .position(|(autre, _)| *autre == &**nom)
            .unwrap_or(lignes.len());
        if rang == lignes.len() {
            lignes.push((nom, Vec::new()));
        }
        ajouter_une_fois(&mut lignes[rang].1, dire(origine, t));
    }
    lignes
        .into_iter()
        .map(|(nom, phrases)| Description::lignes(nom, phrases.into_iter().map(Valeur::texte).collect()))
        .collect()
}

fn dire(origine: &Origine, t: &Mots) -> String {
    let phrase = match origine.regle.as_deref() {
        None | Some(TEL_QUEL) => t.fiche.origine_telle_quelle.clone(),
        Some(regle) => t.fiche.origine_remarquee.avec("regle", regle),
    };
    phrase.avec("source", &origine.source).to_string()
}

/// What a column of the standard is called on the page; the five columns of an address are one thing to a reader.
fn nom(champ: &str, t: &'static Mots) -> Option<&'static Phrase> {
    let (f, filtres) = (&t.fiche, &t.filtres);
    Some(match champ {
        "nom" => &f.nom,
        "pivot" => &f.identifiant,
        "adresse" | "complement_adresse" | "commune" | "code_postal" | "code_insee" => &f.adresse,
        "latitude" | "longitude" => &f.position,
        "typologie" => &f.genre,
        "telephone" => &f.telephone,
        "courriels" => &f.courriel,
        "site_web" => &f.site,
        "horaires" => &f.horaires,
        "presentation_resume" | "presentation_detail" => &f.presentation,
        "source" => &filtres.source,
        "itinerance" => &filtres.itinerance,
        "structure_parente" => &f.structure,
        "date_maj" => &f.date,
        "services" => &filtres.services,
        "publics_specifiquement_adresses" => &filtres.publics,
        "prise_en_charge_specifique" => &filtres.prises_en_charge,
        "frais_a_charge" => &filtres.frais,
        "dispositif_programmes_nationaux" => &filtres.dispositifs,
        "formations_labels" => &filtres.formations,
        "autres_formations_labels" => &filtres.autres_formations,
        "modalites_acces" => &filtres.acces,
        "modalites_accompagnement" => &filtres.accompagnement,
        "fiche_acces_libre" => &f.accessibilite,
        "prise_rdv" => &f.prendre_rdv,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ui::page::Page;

    #[test]
    fn chaque_colonne_du_standard_a_un_nom_pour_le_lecteur() {
        let t = crate::textes::mots(&Page::new("", "/lieux"));
        let sans_nom: Vec<_> = COLONNES.into_iter().filter(|c| nom(c, t).is_none()).collect();
        assert_eq!(sans_nom, ["id"]);
    }
}
