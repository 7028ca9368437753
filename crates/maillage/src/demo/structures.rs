//! The hosts of the demonstration, and the hub, the network and the arrondissement that gather some of what it has: all invented but the territories.

use super::siret;
use comptes::domain::{
    forme::FormeJuridique::{self, Association, Ccas, Commune, EtablissementPublic, PriveInteretGeneral},
    groupement::{GenreGroupement, Groupement, Membre},
    identifiant::IdentifiantEtablissement,
    organisation::{Etablissement, EtatOrganisation, NomDate, Organisation, SourceNom},
    perimetre::Perimetre,
};
use jiff::civil::Date;
use socle::{clock::Instant, ids::Ids};
use std::collections::BTreeMap;

/// A key by which the people of the demonstration name it, its name, its form, its commune.
type Structure = (&'static str, &'static str, FormeJuridique, &'static str);

const STRUCTURES: [Structure; 9] = [
    ("@passerelle", "La Passerelle de Bresse", Association, "01053"),
    ("@ccas", "Centre communal d’action sociale de Nantua", Ccas, "01269"),
    ("@estran", "L’Estran numérique", Association, "29019"),
    (
        "@mediatheque",
        "Médiathèque des Trois Fontaines",
        EtablissementPublic,
        "69123",
    ),
    ("@commune", "Commune de Saint-Laurent-du-Maroni", Commune, "97311"),
    ("@formation", "Atelier des Passeurs", PriveInteretGeneral, "63113"),
    ("@france-services", "Maison des Deux Vallées", Association, "64422"),
    ("@aidants", "Entraide du Lavoir", Association, "54395"),
    ("@lagon", "Te Fare Tauturu", Association, "98735"),
];

/// A key, a kind, a name, and the codes of its members; a key in the place of a code is an organisation above.
type Groupe = (&'static str, GenreGroupement, &'static str, &'static [&'static str]);

const GROUPES: [Groupe; 3] = [
    (
        "@hub",
        GenreGroupement::Hub,
        "Hub des Confluences",
        &["D:01", "D:38", "D:69"],
    ),
    (
        "@reseau",
        GenreGroupement::Reseau,
        "Réseau des Tisserands",
        &["@passerelle", "@estran", "@aidants"],
    ),
    (
        "@nantua",
        GenreGroupement::Arrondissement,
        "Arrondissement de Nantua (extrait)",
        &["C:01269", "C:01283", "C:01033"],
    ),
];

/// What the demonstration has of organisations and groups, and the perimeter that each key names.
#[derive(Debug, Clone)]
pub struct Structures {
    /// The organisations.
    pub organisations: Vec<Organisation>,
    /// The groups.
    pub groupes: Vec<Groupement>,
    perimetres: BTreeMap<&'static str, Perimetre>,
}

impl Structures {
    /// The perimeter of a key, or of a code of territory.
    ///
    /// # Panics
    /// When the tables of the demonstration name a perimeter that does not exist.
    pub fn perimetre(&self, cle: &str) -> Perimetre {
        let connu = self.perimetres.get(cle).cloned();
        connu.unwrap_or_else(|| Perimetre::lire(cle).expect("the table names perimeters that exist"))
    }
}

/// The organisations and groups, the same for the same identifiers and day.
pub fn structures(ids: &Ids, at: Instant, date: Date) -> Structures {
    let mut toutes = Structures {
        organisations: Vec::new(),
        groupes: Vec::new(),
        perimetres: BTreeMap::new(),
    };
    for (rang, (cle, nom, forme, commune)) in (1..).zip(STRUCTURES) {
        let organisation = organisation(ids, at, date, (rang, nom, forme, commune));
        toutes.perimetres.insert(cle, Perimetre::Organisation(organisation.id));
        toutes.organisations.push(organisation);
    }
    for (cle, genre, nom, membres) in GROUPES {
        let membres = membres.iter().map(|membre| Membre {
            code: toutes.perimetre(membre).code(),
            du: date,
            au: None,
        });
        let groupe = Groupement {
            id: ids.next(at),
            genre,
            nom: nom.to_owned(),
            membres: membres.collect(),
            cree_at: at,
            version: 0,
        };
        toutes.perimetres.insert(cle, Perimetre::Groupement(groupe.id));
        toutes.groupes.push(groupe);
    }
    toutes
}

fn organisation(
    ids: &Ids,
    at: Instant,
    date: Date,
    (rang, nom, forme, commune): (u32, &str, FormeJuridique, &str),
) -> Organisation {
    let commune = commune.parse().expect("the table names communes that exist");
    let numero = siret(90_000_000 + rang, 1);
    let identifiant = match IdentifiantEtablissement::reconnaitre(&numero) {
        Some(identifiant) if !nom.starts_with("Te ") => identifiant,
        // Polynesian organisations have no SIRET.
        _ => IdentifiantEtablissement::default(),
    };
    Organisation {
        id: ids.next(at),
        forme,
        siren: identifiant.siren(),
        rna: None,
        noms: vec![NomDate {
            id: ids.next(at),
            nom: nom.to_owned(),
            source: SourceNom::Declare,
            du: date,
            au: None,
        }],
        etablissements: vec![Etablissement {
            id: ids.next(at),
            identifiant,
            nom: None,
            adresse: None,
            commune: Some(commune),
            siege: true,
        }],
        absorbees: Vec::new(),
        etat: EtatOrganisation::Active,
        creee_at: at,
        version: 0,
    }
}
