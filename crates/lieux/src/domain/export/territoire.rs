//! Keeping the places of a territory.

use std::collections::BTreeSet;

use territoire::{CodeCommune, CodeDepartement, CodeRegion, Referentiel, SirenEpci};

use crate::domain::lieu::Lieu;

/// What to keep.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Perimetre {
    /// Everything.
    #[default]
    France,
    /// Some communes, present or former.
    Communes(BTreeSet<CodeCommune>),
    /// An intercommunality.
    Epci(SirenEpci),
    /// A département, or an overseas collectivity by its three digits.
    Departement(CodeDepartement),
    /// A région.
    Region(CodeRegion),
}

/// A code that names no territory.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "« {0} » ne nomme aucun territoire : donnez un département (38), une région (R84), une intercommunalité (200040715), ou des communes séparées par des virgules (38185,38421)"
)]
pub struct PerimetreInconnu(pub String);

impl Perimetre {
    /// Reads `france`, a département, a région as `R84`, an EPCI by its SIREN, or communes separated by commas.
    ///
    /// # Errors
    /// When the code has none of these forms, or names nothing.
    pub fn lire(texte: &str) -> Result<Self, PerimetreInconnu> {
        let texte = texte.trim();
        let inconnu = || PerimetreInconnu(texte.to_owned());
        let referentiel = Referentiel::embarque();
        if texte.is_empty() || texte.eq_ignore_ascii_case("france") {
            return Ok(Perimetre::France);
        }
        if let Some(region) = texte.strip_prefix(['R', 'r']) {
            let code: CodeRegion = region.parse().map_err(|_| inconnu())?;
            return referentiel
                .region(code)
                .map(|_| Perimetre::Region(code))
                .ok_or_else(inconnu);
        }
        if let Ok(siren) = texte.parse::<SirenEpci>() {
            return referentiel
                .epci(siren)
                .map(|_| Perimetre::Epci(siren))
                .ok_or_else(inconnu);
        }
        if let Ok(code) = texte.to_uppercase().parse::<CodeDepartement>() {
            return Ok(Perimetre::Departement(code));
        }
        let resoudre = |code: &str| {
            let code = code.trim().to_uppercase().parse().ok()?;
            referentiel.resoudre(code).map(|commune| commune.code)
        };
        let communes: Option<BTreeSet<CodeCommune>> = texte.split(',').map(resoudre).collect();
        communes.map(Perimetre::Communes).ok_or_else(inconnu)
    }

    /// Whether the place lies in it; a place without a commune lies only in France.
    pub fn contient(&self, lieu: &Lieu) -> bool {
        if *self == Perimetre::France {
            return true;
        }
        let Some(commune) = lieu
            .adresse
            .code_insee
            .and_then(|code| Referentiel::embarque().resoudre(code))
        else {
            return false;
        };
        match self {
            Perimetre::France => true,
            Perimetre::Communes(codes) => codes.contains(&commune.code),
            Perimetre::Epci(siren) => commune.epci == Some(*siren) || commune.territoire_metropolitain == Some(*siren),
            Perimetre::Departement(code) => {
                commune.departement == Some(*code)
                    || (commune.departement.is_none() && commune.code.as_str().starts_with(code.as_str()))
            }
            Perimetre::Region(code) => commune.region == Some(*code),
        }
    }
}
