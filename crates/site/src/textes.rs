//! The words of these pages, in French and English.

use crate::accessibilite::Etat;
use serde::Deserialize;
use ui::{
    langue::Langue,
    page::{Lien, Page},
    textes::{Phrase, Pluriel, Textes},
};

static TEXTES: Textes<Mots> =
    Textes::en_francais(include_str!("../langues/fr.toml")).et(Langue::En, include_str!("../langues/en.toml"));

/// The words of a page.
pub(crate) fn mots(page: &Page) -> &'static Mots {
    TEXTES.de(page.langue_generale())
}

/// Titles a page and says that it exists in French and English.
pub(crate) fn preparer(page: &mut Page, titre: &Phrase) {
    page.titre = titre.to_string();
    page.canonique = Some(page.chemin.clone());
    page.langues = vec![Langue::Fr, Langue::En];
    page.fil = vec![Lien::new(page.t().site.accueil.to_string(), page.url("/"))];
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mots {
    pub accessibilite: Accessibilite,
    pub legal: Legal,
    pub statut: Statut,
    pub plan: Plan,
    pub api: Api,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Accessibilite {
    pub titre: Phrase,
    pub engagement: Phrase,
    pub etat_titre: Phrase,
    pub etat_non: Phrase,
    pub resultats_titre: Phrase,
    pub verifies: Pluriel,
    pub conformes: Pluriel,
    pub essais: Phrase,
    pub signaler_titre: Phrase,
    pub signaler: Phrase,
    pub recours_titre: Phrase,
    pub recours: Phrase,
    pub legende: Phrase,
    pub voir_grille: Phrase,
    pub conforme: Phrase,
    pub non_conforme: Phrase,
    pub non_applicable: Phrase,
    pub non_verifie: Phrase,
    pub colonnes: Colonnes,
}

impl Accessibilite {
    pub fn etat(&self, etat: Etat) -> &Phrase {
        match etat {
            Etat::Conforme => &self.conforme,
            Etat::NonConforme => &self.non_conforme,
            Etat::NonApplicable => &self.non_applicable,
            Etat::NonVerifie => &self.non_verifie,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Colonnes {
    pub critere: Phrase,
    pub question: Phrase,
    pub etat: Phrase,
    pub note: Phrase,
    pub date: Phrase,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Legal {
    pub mentions: Phrase,
    pub editeur: Phrase,
    pub nom: Phrase,
    pub adresse: Phrase,
    pub contact: Phrase,
    pub directeur: Phrase,
    pub hebergeur: Phrase,
    pub a_completer: Phrase,
    pub licence_titre: Phrase,
    pub licence: Phrase,
    pub code_titre: Phrase,
    pub code: Phrase,
    pub donnees: Phrase,
    pub donnees_chapo: Phrase,
    pub recherche_titre: Phrase,
    pub recherche: Phrase,
    pub recherche_adresses: Phrase,
    pub position_titre: Phrase,
    pub position: Phrase,
    pub temoins_titre: Phrase,
    pub temoins: Phrase,
    pub journaux_titre: Phrase,
    pub journaux: Phrase,
    pub contacts_titre: Phrase,
    pub contacts: Phrase,
    pub signalements_titre: Phrase,
    pub signalements: Phrase,
    pub droits_titre: Phrase,
    pub droits: Phrase,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Statut {
    pub titre: Phrase,
    pub tout_va_bien: Phrase,
    pub base_absente: Phrase,
    pub lieux: Pluriel,
    pub version: Phrase,
    pub releve: Phrase,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Plan {
    pub titre: Phrase,
    pub trouver: Phrase,
    pub accueil: Phrase,
    pub lieux: Phrase,
    pub orientation: Phrase,
    pub professionnels: Phrase,
    pub donnees: Phrase,
    pub integrer: Phrase,
    pub api: Phrase,
    pub site: Phrase,
    pub departements: Phrase,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Api {
    pub titre: Phrase,
    pub chapo: Phrase,
    pub document: Phrase,
    pub essayer: Phrase,
    pub parametres: Phrase,
    pub reponses: Phrase,
    pub nom: Phrase,
    pub ou: Phrase,
    pub description: Phrase,
    pub code: Phrase,
    pub erreurs_titre: Phrase,
    pub erreurs: Phrase,
}

#[cfg(test)]
mod tests {
    #[test]
    fn chaque_langue_a_toutes_ses_phrases() {
        assert_eq!(super::TEXTES.verifier(), []);
    }
}
