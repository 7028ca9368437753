//! Reads `donnees/territoire.bin`; its layout stands in `donnees/README.md`.

use super::{
    code::{Code, CodeCommune, CodePostal, Genre, SirenEpci},
    entites::{Collectivite, Commune, Departement, Entite, Epci, NatureEntite, NatureEpci, Region, Zone},
    point::Point,
};

/// The bytes are not a territory file of this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("fichier du territoire illisible à l'octet {0}")]
pub struct ErreurDecodage(usize);

/// The lists of the file, each in its order.
#[derive(Debug)]
pub(super) struct Contenu {
    pub millesime: u16,
    pub regions: Vec<Region>,
    pub departements: Vec<Departement>,
    pub collectivites: Vec<Collectivite>,
    pub epci: Vec<Epci>,
    pub communes: Vec<Commune>,
    pub anciennes: Vec<Entite>,
    pub anciens_codes: Vec<(CodeCommune, u16)>,
    pub autres_noms: Vec<(u16, &'static str)>,
}

pub(super) fn decoder(octets: &'static [u8]) -> Result<Contenu, ErreurDecodage> {
    let mut lecteur = Lecteur { reste: octets };
    lecteur
        .contenu()
        .ok_or(ErreurDecodage(octets.len() - lecteur.reste.len()))
}

struct Lecteur {
    reste: &'static [u8],
}

/// Every method returns nothing when the bytes end or do not make sense.
impl Lecteur {
    fn contenu(&mut self) -> Option<Contenu> {
        (self.octets(8)? == b"MAILTER1").then_some(())?;
        let millesime = self.u16()?;
        let regions = self.liste(|l| {
            Some(Region {
                code: l.texte_code()?,
                nom: l.texte()?,
                chef_lieu: l.texte_code()?,
            })
        })?;
        let departements = self.liste(|l| {
            let (code, nom) = (l.texte_code()?, l.texte()?);
            Some(Departement {
                code,
                nom,
                region: l.texte_code()?,
                chef_lieu: l.texte_code()?,
            })
        })?;
        let collectivites = self.liste(|l| {
            Some(Collectivite {
                code: l.texte_code()?,
                nom: l.texte()?,
            })
        })?;
        let epci = self.liste(|l| {
            let (siren, nature) = (l.texte_code()?, l.nature_epci()?);
            Some(Epci {
                siren,
                nature,
                nom: l.texte()?,
            })
        })?;
        let mut communes = self.communes(&departements, &collectivites, &epci)?;
        for _ in 0..self.u16()? {
            let commune = communes.get_mut(usize::from(self.u16()?))?;
            commune.territoire_metropolitain = self.epci(&epci)?;
        }
        let anciennes = self.liste(|l| l.ancienne(&communes))?;
        let anciens_codes = self.liste(|l| Some((l.code()?, l.rang(&communes)?)))?;
        let autres_noms = self.liste(|l| Some((l.rang(&communes)?, l.texte()?)))?;
        self.reste.is_empty().then_some(())?;
        Some(Contenu {
            millesime,
            regions,
            departements,
            collectivites,
            epci,
            communes,
            anciennes,
            anciens_codes,
            autres_noms,
        })
    }

    fn communes(
        &mut self,
        departements: &[Departement],
        collectivites: &[Collectivite],
        epci: &[Epci],
    ) -> Option<Vec<Commune>> {
        self.liste(|l| {
            let code: CodeCommune = l.code()?;
            let (zone, departement, collectivite) = rattacher(&code, departements, collectivites)?;
            Some(Commune {
                code,
                nom: l.texte()?,
                zone,
                departement: departement.map(|d| d.code),
                region: departement.map(|d| d.region),
                collectivite: collectivite.map(|c| c.code),
                epci: l.epci(epci)?,
                territoire_metropolitain: None,
                population: l.population()?,
                point: Point {
                    longitude: l.degres()?,
                    latitude: l.degres()?,
                },
                point_approche: false,
                codes_postaux: l.codes_postaux()?,
            })
        })
    }

    fn ancienne(&mut self, communes: &[Commune]) -> Option<Entite> {
        let (code, nature, nom) = (self.code()?, self.nature_entite()?, self.texte()?);
        let commune = &communes[usize::from(self.rang(communes)?)];
        let (population, codes_postaux) = (self.population()?, self.codes_postaux()?);
        let point = commune.point;
        Some(Entite {
            code,
            nom,
            nature,
            commune: commune.code,
            population,
            codes_postaux,
            point,
            point_approche: true,
        })
    }

    fn nature_epci(&mut self) -> Option<NatureEpci> {
        Some(match self.octet()? {
            0 => NatureEpci::CommunauteDeCommunes,
            1 => NatureEpci::CommunauteDAgglomeration,
            2 => NatureEpci::CommunauteUrbaine,
            3 => NatureEpci::Metropole,
            4 => NatureEpci::MetropoleDeLyon,
            5 => NatureEpci::TerritoireMetropolitain,
            _ => return None,
        })
    }

    fn nature_entite(&mut self) -> Option<NatureEntite> {
        Some(match self.octet()? {
            0 => NatureEntite::CommuneDeleguee,
            1 => NatureEntite::CommuneAssociee,
            2 => NatureEntite::ArrondissementMunicipal,
            _ => return None,
        })
    }

    fn liste<T>(&mut self, mut element: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let nombre = self.u16()?;
        let mut liste = Vec::with_capacity(usize::from(nombre));
        for _ in 0..nombre {
            liste.push(element(self)?);
        }
        Some(liste)
    }

    fn rang(&mut self, communes: &[Commune]) -> Option<u16> {
        self.u16().filter(|rang| usize::from(*rang) < communes.len())
    }

    fn epci(&mut self, epci: &[Epci]) -> Option<Option<SirenEpci>> {
        match self.u16()? {
            0 => Some(None),
            rang => epci.get(usize::from(rang) - 1).map(|e| Some(e.siren)),
        }
    }

    fn population(&mut self) -> Option<Option<u32>> {
        let mut valeur = 0u32;
        for decalage in (0..32).step_by(7) {
            let octet = self.octet()?;
            valeur |= u32::from(octet & 0x7f).checked_shl(decalage)?;
            if octet & 0x80 == 0 {
                return Some(valeur.checked_sub(1));
            }
        }
        None
    }

    fn degres(&mut self) -> Option<f64> {
        Some(f64::from(i32::from_le_bytes(*self.fixe()?)) / 1e5)
    }

    fn codes_postaux(&mut self) -> Option<&'static [CodePostal]> {
        let nombre = usize::from(self.octet()?);
        let mut codes = Vec::with_capacity(nombre);
        for _ in 0..nombre {
            let [a, b, c] = *self.fixe()?;
            codes.push(chiffres(u32::from_le_bytes([a, b, c, 0]))?);
        }
        // The territory lives as long as the program.
        Some(codes.leak())
    }

    fn texte_code<G: Genre, const N: usize>(&mut self) -> Option<Code<G, N>> {
        self.texte()?.parse().ok()
    }

    fn code<G: Genre, const N: usize>(&mut self) -> Option<Code<G, N>> {
        Code::lire_octets(*self.fixe()?)
    }

    fn texte(&mut self) -> Option<&'static str> {
        let longueur = self.octet()?;
        std::str::from_utf8(self.octets(usize::from(longueur))?).ok()
    }

    fn u16(&mut self) -> Option<u16> {
        self.fixe().copied().map(u16::from_le_bytes)
    }

    fn octet(&mut self) -> Option<u8> {
        let (octet, reste) = self.reste.split_first()?;
        self.reste = reste;
        Some(*octet)
    }

    fn fixe<const N: usize>(&mut self) -> Option<&'static [u8; N]> {
        let (octets, reste) = self.reste.split_first_chunk()?;
        self.reste = reste;
        Some(octets)
    }

    fn octets(&mut self, nombre: usize) -> Option<&'static [u8]> {
        let (octets, reste) = self.reste.split_at_checked(nombre)?;
        self.reste = reste;
        Some(octets)
    }
}

/// The département or the collectivity that the first characters of the code name.
fn rattacher<'t>(
    code: &CodeCommune,
    departements: &'t [Departement],
    collectivites: &'t [Collectivite],
) -> Option<(Zone, Option<&'t Departement>, Option<&'t Collectivite>)> {
    let prefixe = code.prefixe();
    if let Ok(rang) = departements.binary_search_by(|d| d.code.as_str().cmp(prefixe)) {
        let zone = if prefixe.len() == 3 {
            Zone::Drom
        } else {
            Zone::Metropole
        };
        return Some((zone, Some(&departements[rang]), None));
    }
    let rang = collectivites.binary_search_by(|c| c.code.as_str().cmp(prefixe)).ok()?;
    Some((Zone::Collectivite, None, Some(&collectivites[rang])))
}

/// The postal code that a number writes on five digits.
fn chiffres(mut nombre: u32) -> Option<CodePostal> {
    let mut octets = [b'0'; 5];
    for octet in octets.iter_mut().rev() {
        *octet += (nombre % 10) as u8;
        nombre /= 10;
    }
    if nombre == 0 { Code::lire_octets(octets) } else { None }
}
