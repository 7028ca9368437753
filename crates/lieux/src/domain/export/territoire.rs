//! Keeping the places of a territory.

use territoire::{CodeCollectivite, CodeDepartement, Perimetre, Referentiel, SirenEpci};

use crate::domain::lieu::Lieu;

/// A text that names no territory.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "« {0} » ne nomme aucun territoire : donnez un département (38), une région (R84), une intercommunalité (200040715), ou des communes séparées par des virgules (38185,38421)"
)]
pub struct TerritoireInconnu(pub String);

/// The territory of `france`, of a département or an overseas collectivity, of a région as `R84`, of an EPCI, or of communes
/// separated by commas.
///
/// # Errors
/// When the text has none of these forms, or names nothing.
pub fn lire(texte: &str) -> Result<Perimetre, TerritoireInconnu> {
    let texte = texte.trim().to_uppercase();
    let inconnu = || TerritoireInconnu(texte.clone());
    let referentiel = Referentiel::embarque();
    if texte.is_empty() || texte == "FRANCE" {
        return Ok(Perimetre::France);
    }
    if let Some(region) = texte.strip_prefix('R') {
        let code = region.parse().map_err(|_| inconnu())?;
        return referentiel
            .region(code)
            .map(|_| Perimetre::Regions(vec![code]))
            .ok_or_else(inconnu);
    }
    if let Ok(siren) = texte.parse::<SirenEpci>() {
        return referentiel
            .epci(siren)
            .map(|_| Perimetre::Epci(vec![siren]))
            .ok_or_else(inconnu);
    }
    let departement = texte
        .parse::<CodeDepartement>()
        .ok()
        .filter(|code| referentiel.departement(*code).is_some());
    if let Some(code) = departement {
        return Ok(Perimetre::Departements(vec![code]));
    }
    let collectivite = texte
        .parse::<CodeCollectivite>()
        .ok()
        .filter(|code| referentiel.collectivite(*code).is_some());
    if let Some(code) = collectivite {
        return Ok(Perimetre::Collectivites(vec![code]));
    }
    let commune = |code: &str| {
        referentiel
            .resoudre(code.trim().parse().ok()?)
            .map(|commune| commune.code)
    };
    let communes: Option<Vec<_>> = texte.split(',').map(commune).collect();
    communes.map(Perimetre::Communes).ok_or_else(inconnu)
}

/// Whether a place lies in a territory; one whose commune is unknown lies only in France.
pub fn contient(perimetre: &Perimetre, lieu: &Lieu) -> bool {
    let commune = lieu
        .adresse
        .code_insee
        .and_then(|code| Referentiel::embarque().resoudre(code));
    *perimetre == Perimetre::France || commune.is_some_and(|commune| perimetre.contient(commune))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chaque_forme_de_territoire_se_lit() {
        for texte in [
            "",
            "France",
            "38",
            "2a",
            "974",
            "988",
            "R84",
            "r94",
            "200040715",
            "38185,38421",
            "75101",
        ] {
            assert!(lire(texte).is_ok(), "{texte}");
        }
        for texte in ["00", "R00", "999999999", "38185,00000", "Grenoble"] {
            assert!(lire(texte).is_err(), "{texte}");
        }
        assert!(matches!(lire("988"), Ok(Perimetre::Collectivites(_))));
    }
}
