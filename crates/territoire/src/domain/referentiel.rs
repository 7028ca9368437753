//! The territory as the program knows it: one read-only copy, decoded once.

use std::sync::{LazyLock, OnceLock};

use super::{
    code::{CodeCollectivite, CodeCommune, CodeDepartement, CodePostal, CodeRegion, SirenEpci},
    decodage::{self, Contenu, ErreurDecodage},
    entites::{Collectivite, Commune, Departement, Entite, Epci, Region},
    recherche::{Index, Trouvee},
};

static EMBARQUE: LazyLock<Referentiel> = LazyLock::new(|| {
    Referentiel::decoder(include_bytes!("../../donnees/territoire.bin"))
        .expect("the embedded territory was written by xtask")
});

/// Communes, former communes, départements, régions, EPCI and collectivities of one vintage.
#[derive(Debug)]
pub struct Referentiel {
    contenu: Contenu,
    par_code_postal: Vec<(CodePostal, u16)>,
    index: OnceLock<Index>,
}

impl Referentiel {
    /// The territory embedded in the program.
    pub fn embarque() -> &'static Referentiel {
        &EMBARQUE
    }

    /// Reads a territory file.
    pub fn decoder(octets: &'static [u8]) -> Result<Self, ErreurDecodage> {
        let contenu = decodage::decoder(octets)?;
        let par_rang = (0u16..).zip(&contenu.communes);
        let mut par_code_postal: Vec<_> = par_rang
            .flat_map(|(rang, commune)| commune.codes_postaux.iter().map(move |code| (*code, rang)))
            .collect();
        par_code_postal.sort_unstable();
        Ok(Referentiel {
            contenu,
            par_code_postal,
            index: OnceLock::new(),
        })
    }

    /// Year of the official geographic code.
    pub fn millesime(&self) -> u16 {
        self.contenu.millesime
    }

    /// The present communes, by code.
    pub fn communes(&self) -> std::slice::Iter<'_, Commune> {
        self.contenu.communes.iter()
    }

    /// The present commune that bears this code.
    pub fn commune(&self, code: CodeCommune) -> Option<&Commune> {
        self.rang(code).map(|rang| &self.contenu.communes[rang])
    }

    /// The present commune that a present or former code, or an arrondissement's, leads to.
    pub fn resoudre(&self, code: CodeCommune) -> Option<&Commune> {
        if let Some(commune) = self.commune(code) {
            return Some(commune);
        }
        if let Some(entite) = self.lieu_dit(code) {
            return self.commune(entite.commune);
        }
        let anciens = &self.contenu.anciens_codes;
        let place = anciens.binary_search_by_key(&code, |(ancien, _)| *ancien).ok()?;
        Some(&self.contenu.communes[usize::from(anciens[place].1)])
    }

    /// The former commune or arrondissement that bears this code, even when a present commune bears it too.
    pub fn lieu_dit(&self, code: CodeCommune) -> Option<&Entite> {
        let anciennes = &self.contenu.anciennes;
        anciennes
            .binary_search_by_key(&code, |entite| entite.code)
            .ok()
            .map(|place| &anciennes[place])
    }

    /// The former communes and the arrondissements, by code.
    pub fn lieux_dits(&self) -> std::slice::Iter<'_, Entite> {
        self.contenu.anciennes.iter()
    }

    /// The present communes that a postal code serves; none for a text that is not one.
    pub fn par_code_postal(&self, code: &str) -> impl Iterator<Item = &Commune> {
        let tranche = code.parse::<CodePostal>().map_or(&[][..], |code| {
            let debut = self.par_code_postal.partition_point(|(autre, _)| *autre < code);
            let fin = self.par_code_postal.partition_point(|(autre, _)| *autre <= code);
            &self.par_code_postal[debut..fin]
        });
        tranche
            .iter()
            .map(|(_, rang)| &self.contenu.communes[usize::from(*rang)])
    }

    /// The département that bears this code.
    pub fn departement(&self, code: CodeDepartement) -> Option<&Departement> {
        self.contenu.departements.iter().find(|d| d.code == code)
    }

    /// The 101 départements, by code.
    pub fn departements(&self) -> std::slice::Iter<'_, Departement> {
        self.contenu.departements.iter()
    }

    /// The région that bears this code.
    pub fn region(&self, code: CodeRegion) -> Option<&Region> {
        self.contenu.regions.iter().find(|r| r.code == code)
    }

    /// The 18 régions, by code.
    pub fn regions(&self) -> std::slice::Iter<'_, Region> {
        self.contenu.regions.iter()
    }

    /// The overseas collectivity that bears this code.
    pub fn collectivite(&self, code: CodeCollectivite) -> Option<&Collectivite> {
        self.contenu.collectivites.iter().find(|c| c.code == code)
    }

    /// The overseas collectivities, by code.
    pub fn collectivites(&self) -> std::slice::Iter<'_, Collectivite> {
        self.contenu.collectivites.iter()
    }

    /// The EPCI, or the territory of Greater Paris, that bears this SIREN number.
    pub fn epci(&self, siren: SirenEpci) -> Option<&Epci> {
        let epci = &self.contenu.epci;
        epci.binary_search_by_key(&siren, |e| e.siren)
            .ok()
            .map(|place| &epci[place])
    }

    /// The EPCI and the territories of Greater Paris, by SIREN number.
    pub fn tous_les_epci(&self) -> std::slice::Iter<'_, Epci> {
        self.contenu.epci.iter()
    }

    /// The name and code of the département or collectivity that a commune lies in.
    pub fn situation<'c>(&self, commune: &'c Commune) -> (&'static str, &'c str) {
        let departement = commune
            .departement
            .and_then(|code| self.departement(code))
            .map(|d| d.nom);
        let collectivite = || {
            commune
                .collectivite
                .and_then(|code| self.collectivite(code))
                .map(|c| c.nom)
        };
        (
            departement.or_else(collectivite).unwrap_or_default(),
            commune.code.prefixe(),
        )
    }

    /// The commune's name and what tells it from its namesakes: `Saint-Denis (Seine-Saint-Denis, 93)`.
    pub fn libelle(&self, commune: &Commune) -> String {
        let (territoire, code) = self.situation(commune);
        format!("{} ({territoire}, {code})", commune.nom)
    }

    /// The communes that a text names, best first, at most `limite`; see [`Trouvee`] for what is recognised.
    pub fn chercher(&self, texte: &str, limite: usize) -> Vec<Trouvee<'_>> {
        self.index().chercher(self, texte, limite)
    }

    /// Builds the search index now rather than at the first search.
    pub fn prechauffer(&self) {
        self.index();
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::construire(&self.contenu))
    }

    fn rang(&self, code: CodeCommune) -> Option<usize> {
        self.contenu
            .communes
            .binary_search_by_key(&code, |commune| commune.code)
            .ok()
    }

    pub(super) fn contenu(&self) -> &Contenu {
        &self.contenu
    }
}
