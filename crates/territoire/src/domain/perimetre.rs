//! A part of France, chosen by its territories.

use super::{
    code::{CodeCollectivite, CodeCommune, CodeDepartement, CodeRegion, ErreurCode, SirenEpci},
    entites::{Commune, Departement, Region},
    referentiel::Referentiel,
};

/// Territories of one kind, in the order in which they were chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Perimetre {
    /// Everything.
    #[default]
    France,
    /// Communes, by present or former code.
    Communes(Vec<CodeCommune>),
    /// EPCI or territories of Greater Paris.
    Epci(Vec<SirenEpci>),
    /// Départements.
    Departements(Vec<CodeDepartement>),
    /// Régions.
    Regions(Vec<CodeRegion>),
    /// Overseas collectivities.
    Collectivites(Vec<CodeCollectivite>),
}

/// The text does not name a perimeter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ErreurPerimetre {
    /// The kind of territory is not known.
    #[error(
        "« {0} » n'est pas un type de territoire : choisissez communes, epci, departements, regions ou collectivites"
    )]
    Type(String),
    /// A code is malformed.
    #[error(transparent)]
    Code(#[from] ErreurCode),
}

impl Perimetre {
    /// Reads a kind (`communes`, `epci`, `departements`, `regions`, `collectivites`) and codes of that kind; no code is the whole of France.
    ///
    /// # Errors
    /// An unknown kind, or a malformed code.
    pub fn lire<'a>(nature: &str, codes: impl IntoIterator<Item = &'a str>) -> Result<Self, ErreurPerimetre> {
        let mut codes = codes.into_iter().filter(|code| !code.trim().is_empty()).peekable();
        if codes.peek().is_none() {
            return Ok(Perimetre::France);
        }
        Ok(match nature {
            "communes" => Perimetre::Communes(lire_codes(codes)?),
            "epci" => Perimetre::Epci(lire_codes(codes)?),
            "departements" => Perimetre::Departements(lire_codes(codes)?),
            "regions" => Perimetre::Regions(lire_codes(codes)?),
            "collectivites" => Perimetre::Collectivites(lire_codes(codes)?),
            autre => return Err(ErreurPerimetre::Type(autre.chars().take(40).collect())),
        })
    }

    /// Whether a present commune lies in it.
    pub fn contient(&self, commune: &Commune) -> bool {
        match self {
            Perimetre::France => true,
            Perimetre::Communes(codes) => codes.iter().any(|code| {
                *code == commune.code
                    || Referentiel::embarque()
                        .resoudre(*code)
                        .is_some_and(|c| c.code == commune.code)
            }),
            Perimetre::Epci(sirens) => {
                let groupements = [commune.epci, commune.territoire_metropolitain];
                groupements.into_iter().flatten().any(|siren| sirens.contains(&siren))
            }
            Perimetre::Departements(codes) => commune.departement.is_some_and(|code| codes.contains(&code)),
            Perimetre::Regions(codes) => commune.region.is_some_and(|code| codes.contains(&code)),
            Perimetre::Collectivites(codes) => commune.collectivite.is_some_and(|code| codes.contains(&code)),
        }
    }

    /// The communes that lie in it, by code.
    pub fn communes<'r>(&self, referentiel: &'r Referentiel) -> impl Iterator<Item = &'r Commune> {
        referentiel.communes().filter(|commune| self.contient(commune))
    }

    /// The départements that it touches, in the order of the choice; none for an overseas collectivity.
    pub fn departements<'r>(&self, referentiel: &'r Referentiel) -> Vec<&'r Departement> {
        match self {
            Perimetre::France => referentiel.departements().collect(),
            Perimetre::Departements(codes) => codes.iter().filter_map(|code| referentiel.departement(*code)).collect(),
            Perimetre::Regions(codes) => referentiel
                .departements()
                .filter(|d| codes.contains(&d.region))
                .collect(),
            Perimetre::Communes(codes) => {
                let communes = codes.iter().filter_map(|code| referentiel.resoudre(*code));
                departements_de(communes, referentiel)
            }
            Perimetre::Epci(_) | Perimetre::Collectivites(_) => {
                departements_de(self.communes(referentiel), referentiel)
            }
        }
    }

    /// The régions that it touches, in the order of the choice; none for an overseas collectivity.
    pub fn regions<'r>(&self, referentiel: &'r Referentiel) -> Vec<&'r Region> {
        if let Perimetre::Regions(codes) = self {
            return codes.iter().filter_map(|code| referentiel.region(*code)).collect();
        }
        let codes = self
            .departements(referentiel)
            .into_iter()
            .map(|departement| departement.region);
        sans_doublon(codes)
            .into_iter()
            .filter_map(|code| referentiel.region(code))
            .collect()
    }
}

fn lire_codes<'a, C: std::str::FromStr>(codes: impl Iterator<Item = &'a str>) -> Result<Vec<C>, C::Err> {
    codes.map(str::parse).collect()
}

fn departements_de<'r, 'c>(
    communes: impl Iterator<Item = &'c Commune>,
    referentiel: &'r Referentiel,
) -> Vec<&'r Departement> {
    let codes = sans_doublon(communes.filter_map(|commune| commune.departement));
    codes
        .into_iter()
        .filter_map(|code| referentiel.departement(code))
        .collect()
}

fn sans_doublon<C: PartialEq>(codes: impl Iterator<Item = C>) -> Vec<C> {
    codes.fold(Vec::new(), |mut uniques, code| {
        if !uniques.contains(&code) {
            uniques.push(code);
        }
        uniques
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn perimetre(nature: &str, codes: &str) -> Perimetre {
        Perimetre::lire(nature, codes.split(',')).unwrap()
    }

    #[test]
    fn un_perimetre_contient_ses_communes() {
        let r = Referentiel::embarque();
        let compter = |nature, codes| perimetre(nature, codes).communes(r).count();
        assert_eq!(compter("departements", "75,974"), 25);
        assert_eq!(compter("collectivites", "988"), 33);
        assert_eq!(compter("communes", "75101,01340"), 2);
        assert_eq!(compter("epci", "200057867"), 8);
        assert_eq!(compter("communes", ""), 34_969);
    }

    #[test]
    fn un_perimetre_dit_ses_departements_et_ses_regions() {
        let r = Referentiel::embarque();
        let codes = |p: Perimetre| {
            let departements: Vec<_> = p.departements(r).iter().map(|d| d.code.to_string()).collect();
            let regions: Vec<_> = p.regions(r).iter().map(|d| d.code.to_string()).collect();
            (departements.join(" "), regions.join(" "))
        };
        assert_eq!(
            codes(perimetre("communes", "75056,13055")),
            ("75 13".into(), "11 93".into())
        );
        assert_eq!(codes(perimetre("regions", "94")), ("2A 2B".into(), "94".into()));
        assert_eq!(codes(perimetre("collectivites", "987")), (String::new(), String::new()));
    }

    #[test]
    fn un_perimetre_mal_dit_est_refuse() {
        assert!(matches!(
            Perimetre::lire("cantons", ["01"]),
            Err(ErreurPerimetre::Type(_))
        ));
        assert!(matches!(
            Perimetre::lire("departements", ["7"]),
            Err(ErreurPerimetre::Code(_))
        ));
    }
}
