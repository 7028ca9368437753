//! The territories proposed for what was typed: a person names a commune, and may want what surrounds it.

use std::collections::BTreeSet;
use territoire::{Commune, Referentiel};
use ui::page::Lien;

/// Communes proposed for what was typed.
const COMMUNES: usize = 10;

/// Communes, and the EPCI and départements that hold them, the best match first.
#[derive(Debug, Default)]
pub struct Propositions {
    /// The communes.
    pub communes: Vec<Lien>,
    /// Their EPCI.
    pub epci: Vec<Lien>,
    /// Their départements.
    pub departements: Vec<Lien>,
}

impl Propositions {
    /// Those for this text; `url` gives an address from `commune`, `epci` or `departement`, and a code.
    pub fn pour(saisie: &str, url: impl Fn(&str, &str) -> String) -> Self {
        if saisie.trim().is_empty() {
            return Self::default();
        }
        let referentiel = Referentiel::embarque();
        let trouvees = referentiel.chercher(saisie, COMMUNES);
        let communes = || trouvees.iter().map(|trouvee| trouvee.commune);
        let commune = |c: &Commune| Lien::new(referentiel.libelle(c), url("commune", c.code.as_str()));
        let mut vus = BTreeSet::new();
        let epci = communes().filter_map(|c| c.epci).filter(|siren| vus.insert(*siren));
        let mut vus = BTreeSet::new();
        let departements = communes()
            .filter_map(|c| c.departement)
            .filter(|code| vus.insert(*code));
        Self {
            communes: communes().map(commune).collect(),
            epci: epci
                .filter_map(|siren| referentiel.epci(siren))
                .map(|epci| Lien::new(epci.nom, url("epci", epci.siren.as_str())))
                .collect(),
            departements: departements
                .filter_map(|code| referentiel.departement(code))
                .map(|d| {
                    Lien::new(
                        format!("{} ({})", d.nom, d.code.as_str()),
                        url("departement", d.code.as_str()),
                    )
                })
                .collect(),
        }
    }
}
