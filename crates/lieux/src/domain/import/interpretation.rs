//! One row of the standard as a place, and what was changed on the way.

use serde::Serialize;
use sha2::{Digest, Sha256};
use territoire::{Commune, Point, Referentiel, plier};
use uuid::Uuid;

use super::listes;
use crate::domain::{
    lieu::{Adresse, Contact, DATE_INCONNUE, Lieu, Passage, Position, Precision, Visite, ajouter_une_fois},
    listes::{Dispositif, Itinerance, ListeFermee, ModaliteAcces, PriseEnCharge, Public},
    nettoyage::{acces_libre, adresse, commune, contact, date, horaires, position, presentation, texte, typologie},
    pivot::Pivot,
    standard::ligne::Ligne,
    typologie::Typologie,
};

/// Farther than this from its commune, in metres, a position is a mistake; the largest communes of Guyane hold within it.
const LOIN_M: f64 = 150_000.0;

/// The longest identifier of a source, in characters: it is a key, and keys of the database are short.
const ID_MAX: usize = 200;

/// Names that sources give to a thing and not to a place.
const PAS_DES_LIEUX: [&str; 5] = ["ordinateur", "wifi", "imprimante", "tablette", "test"];

/// The rule of a list from which a word was left out, since the standard does not know it.
pub const VALEUR_INCONNUE: &str = "valeur inconnue de la liste, laissée de côté";

/// Why a row does not come in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Motif {
    /// No name.
    #[error("le nom du lieu manque")]
    NomAbsent,
    /// A name that is no place.
    #[error("« {0} » n’est pas le nom d’un lieu")]
    PasUnLieu(String),
    /// No street.
    #[error("l’adresse « {0} » ne donne ni rue ni lieu-dit")]
    VoieAbsente(String),
    /// No commune.
    #[error("aucune commune ne répond au nom « {commune} » et au code postal « {code_postal} »")]
    CommuneIntrouvable {
        /// What the source wrote.
        commune: String,
        /// What the source wrote.
        code_postal: String,
    },
    /// Closed to the public.
    #[error("ce lieu n’accueille pas de public : il n’a pas sa place sur une carte publique")]
    PasDePublic,
    /// Set aside by the mapping.
    #[error("la correspondance écarte cette ligne : {0}")]
    Ecartee(String),
    /// The same identifier, or the same place, twice in the file.
    #[error("c’est le même lieu que la ligne {0}")]
    Doublon(usize),
    /// An identifier that is too long to be one.
    #[error("l’identifiant est trop long ({ID_MAX} caractères au plus)")]
    IdTropLong,
    /// A row that has not the shape of the header.
    #[error("la ligne ne se lit pas : {0}")]
    Illisible(String),
    /// Out of reach of who imports: the place, or where the row would move it.
    #[error("ce lieu n’est pas dans votre périmètre")]
    HorsPerimetre,
    /// A place for which the organisation of who imports does not answer.
    #[error("votre structure ne gère pas ce lieu : cherchez-le sur la carte, puis demandez à le gérer")]
    NonGere,
    /// A place for which no organisation of the network of who imports answers; a network cannot ask to answer for one.
    #[error("aucune structure de votre réseau ne gère ce lieu : la structure qui l’accueille peut le demander")]
    NonGereParLeReseau,
    /// A new place, which only who answers for a territory may add.
    #[error("ce lieu n’est pas encore sur la carte : votre préfecture peut l’y ajouter, transmettez-lui cette ligne")]
    PasSurLaCarte,
}

impl Motif {
    /// A short stable code, for counts.
    pub fn code(&self) -> &'static str {
        match self {
            Motif::NomAbsent => "nom-absent",
            Motif::PasUnLieu(_) => "pas-un-lieu",
            Motif::VoieAbsente(_) => "voie-absente",
            Motif::CommuneIntrouvable { .. } => "commune-introuvable",
            Motif::PasDePublic => "pas-de-public",
            Motif::Ecartee(_) => "ecartee",
            Motif::Doublon(_) => "doublon",
            Motif::IdTropLong => "id-trop-long",
            Motif::Illisible(_) => "illisible",
            Motif::HorsPerimetre => "hors-perimetre",
            Motif::NonGere => "non-gere",
            Motif::NonGereParLeReseau => "non-gere-par-le-reseau",
            Motif::PasSurLaCarte => "pas-sur-la-carte",
        }
    }

    /// The column of the standard at fault, when it is one.
    pub fn champ(&self) -> Option<&'static str> {
        match self {
            Motif::NomAbsent | Motif::PasUnLieu(_) => Some("nom"),
            Motif::VoieAbsente(_) => Some("adresse"),
            Motif::CommuneIntrouvable { .. } | Motif::HorsPerimetre => Some("commune"),
            Motif::PasDePublic => Some("modalites_acces"),
            Motif::Doublon(_) | Motif::IdTropLong => Some("id"),
            Motif::Ecartee(_)
            | Motif::Illisible(_)
            | Motif::NonGere
            | Motif::NonGereParLeReseau
            | Motif::PasSurLaCarte => None,
        }
    }
}

/// Where the value of a field comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Provenance {
    /// The column of the standard.
    pub champ: &'static str,
    /// What the source wrote.
    pub recu: String,
    /// What was kept; empty when nothing could be.
    pub retenu: String,
    /// The rule that made one from the other.
    pub regle: &'static str,
}

impl Provenance {
    /// Whether the value is not what the source wrote.
    pub fn est_une_correction(&self) -> bool {
        self.recu.trim() != self.retenu
    }
}

/// A row that became a place.
#[derive(Clone, Debug, PartialEq)]
pub struct Interpretee {
    /// Identifier in the source; made from the name and the address when the source has none.
    pub id_externe: String,
    /// The place; its identifier is nil until the decision gives one.
    pub lieu: Lieu,
    /// Where each field comes from.
    pub provenances: Vec<Provenance>,
}

/// The place that a row of the standard v1.0 describes.
///
/// # Errors
/// Why it cannot be a place; an unreadable optional field never is a reason.
pub fn interpreter(ligne: &Ligne, source: &str) -> Result<Interpretee, Motif> {
    let mut lecteur = Lecteur {
        ligne,
        provenances: Vec::new(),
    };
    if id_recu(ligne).chars().count() > ID_MAX {
        return Err(Motif::IdTropLong);
    }
    let nom = lecteur.nom()?;
    let (adresse, commune) = lecteur.adresse()?;
    let modalites_acces = lecteur.liste::<ModaliteAcces>();
    if modalites_acces == [ModaliteAcces::PasDePublic] {
        return Err(Motif::PasDePublic);
    }
    let (publics, prises_en_charge) = lecteur.publics();
    let dispositifs = lecteur.liste();
    let itinerance = lecteur.liste();
    let horaires = lecteur.horaires();
    let lieu = Lieu {
        id: Uuid::nil(),
        pivot: lecteur.pivot(),
        position: lecteur.position(commune),
        typologies: lecteur.typologies(&nom, &dispositifs),
        contact: lecteur.contact(&adresse.code_postal),
        presentation: lecteur.presentation(),
        source: lecteur
            .texte("source")
            .or_else(|| Some(source.to_owned()).filter(|s| !s.is_empty())),
        structure_parente: lecteur.texte("structure_parente"),
        date_maj: lecteur.date(),
        services: lecteur.liste(),
        publics,
        prises_en_charge,
        frais: lecteur.liste(),
        formations: lecteur.liste(),
        autres_formations: lecteur.autres_formations(),
        modalites_acces: modalites_acces
            .into_iter()
            .filter(|m| *m != ModaliteAcces::PasDePublic)
            .collect(),
        modalites_accompagnement: lecteur.liste(),
        fiche_acces_libre: lecteur.valeur("fiche_acces_libre", acces_libre::lire),
        prise_rdv: lecteur.valeur("prise_rdv", contact::site_web),
        visites: lecteur.visites(&itinerance, horaires.as_deref(), &adresse),
        itinerance,
        horaires,
        dispositifs,
        nom,
        adresse,
    };
    Ok(Interpretee {
        id_externe: lecteur.id_externe(&lieu),
        lieu,
        provenances: lecteur.provenances,
    })
}

/// The identifier that the source gives, without spaces; empty when it gives none.
pub(super) fn id_recu(ligne: &Ligne) -> String {
    texte::resserrer(ligne.lire("id")).replace(' ', "-")
}

struct Lecteur<'l> {
    ligne: &'l Ligne,
    provenances: Vec<Provenance>,
}

impl<'l> Lecteur<'l> {
    fn recu(&self, champ: &str) -> &'l str {
        self.ligne.lire(champ)
    }

    fn noter(&mut self, champ: &'static str, retenu: impl Into<String>, regle: &'static str) {
        let (recu, retenu) = (self.recu(champ).to_owned(), retenu.into());
        if !recu.is_empty() || !retenu.is_empty() {
            let regle = if recu == retenu { "tel quel" } else { regle };
            self.provenances.push(Provenance {
                champ,
                recu,
                retenu,
                regle,
            });
        }
    }

    /// A text without stray spaces and accents; nothing when it says that nothing is known.
    fn texte(&mut self, champ: &'static str) -> Option<String> {
        let propre = Some(texte::nettoyer(self.recu(champ))).filter(|t| !texte::est_absent(t));
        self.noter(champ, propre.clone().unwrap_or_default(), "espaces et accents");
        propre
    }

    /// A value that `lire` reads, else nothing.
    fn valeur<T: Clone + Into<String>>(&mut self, champ: &'static str, lire: impl Fn(&str) -> Option<T>) -> Option<T> {
        let lue = lire(self.recu(champ));
        let regle = if lue.is_some() {
            "remis en forme"
        } else {
            "illisible, laissé vide"
        };
        self.noter(champ, lue.clone().map(Into::into).unwrap_or_default(), regle);
        lue
    }

    fn liste<L: ListeFermee>(&mut self) -> Vec<L> {
        let lue = listes::lire::<L>(self.recu(L::COLONNE));
        self.noter_liste(&lue.valeurs, lue.inconnus.is_empty());
        lue.valeurs
    }

    fn noter_liste<L: ListeFermee>(&mut self, valeurs: &[L], complete: bool) {
        let retenu: Vec<&str> = valeurs.iter().map(|v| v.ecrire()).collect();
        let regle = if complete { "graphie connue" } else { VALEUR_INCONNUE };
        self.noter(L::COLONNE, retenu.join("|"), regle);
    }

    fn nom(&mut self) -> Result<String, Motif> {
        let nom = self.texte("nom").ok_or(Motif::NomAbsent)?;
        if PAS_DES_LIEUX.contains(&plier(&nom).as_str()) {
            return Err(Motif::PasUnLieu(nom));
        }
        Ok(nom)
    }

    fn adresse(&mut self) -> Result<(Adresse, &'static Commune), Motif> {
        let recue = self.recu("adresse");
        let code_postal = adresse::code_postal(self.recu("code_postal"), recue).unwrap_or_default();
        let nom = match self.recu("commune") {
            "" => adresse::commune_de(recue).unwrap_or_default(),
            nom => nom.to_owned(),
        };
        let introuvable = || Motif::CommuneIntrouvable {
            commune: nom.clone(),
            code_postal: code_postal.clone(),
        };
        let point = position::lire(self.recu("latitude"), self.recu("longitude"));
        let trouvee = commune::resoudre(&nom, &code_postal, self.recu("code_insee"), point).ok_or_else(introuvable)?;
        let commune = Referentiel::embarque().commune(trouvee.code).ok_or_else(introuvable)?;
        let complement = adresse::complement(self.recu("complement_adresse"));
        let voie = adresse::voie(recue)
            .or_else(|| complement.as_deref().and_then(adresse::voie))
            .ok_or_else(|| Motif::VoieAbsente(recue.to_owned()))?;
        self.noter("adresse", &voie, "rue seule, remise en forme");
        self.noter(
            "complement_adresse",
            complement.clone().unwrap_or_default(),
            "espaces et accents",
        );
        self.noter("commune", &trouvee.nom, trouvee.regle);
        self.noter("code_postal", &trouvee.code_postal, trouvee.regle);
        self.noter("code_insee", trouvee.code.as_str(), trouvee.regle);
        let adresse = Adresse {
            voie,
            complement,
            commune: trouvee.nom,
            code_postal: trouvee.code_postal,
            code_insee: Some(trouvee.code),
        };
        Ok((adresse, commune))
    }

    fn pivot(&mut self) -> Pivot {
        let recu = self.recu("pivot");
        let (pivot, regle) = match Pivot::lire(recu) {
            Ok(pivot) => (pivot, "espaces, points et tirets retirés"),
            Err(_) => (Pivot::Inconnu, "ni SIRET, ni RNA, ni RIDET, ni TAHITI"),
        };
        self.noter("pivot", pivot.as_str(), regle);
        pivot
    }

    /// The point of the source, the point with its two numbers in the right order, else the centre of the commune.
    fn position(&mut self, commune: &Commune) -> Option<Position> {
        let (latitude, longitude) = (self.recu("latitude"), self.recu("longitude"));
        let plausible = |point: &Point| commune.point.distance_m(*point) <= LOIN_M;
        let lue = position::lire(latitude, longitude);
        let (point, precision, regle) = if let Some(point) = lue.filter(plausible) {
            (point, Precision::Source, "degrés décimaux")
        } else if let Some(point) = position::lire(longitude, latitude).filter(plausible) {
            (point, Precision::Source, "latitude et longitude interverties")
        } else if lue.is_some() {
            (
                commune.point,
                Precision::Commune,
                "trop loin de la commune : son centre",
            )
        } else {
            (commune.point, Precision::Commune, "centre de la commune")
        };
        self.noter("latitude", point.latitude.to_string(), regle);
        self.noter("longitude", point.longitude.to_string(), regle);
        Some(Position { point, precision })
    }

    fn typologies(&mut self, nom: &str, dispositifs: &[Dispositif]) -> Vec<Typologie> {
        let mut lue = listes::lire::<Typologie>(self.recu(Typologie::COLONNE));
        if lue.valeurs.is_empty() {
            lue.valeurs = typologie::deduire(nom);
        }
        if dispositifs.contains(&Dispositif::FranceServices) {
            ajouter_une_fois(&mut lue.valeurs, Typologie::Rfs);
        }
        self.noter_liste(&lue.valeurs, lue.inconnus.is_empty());
        lue.valeurs
    }

    fn contact(&mut self, code_postal: &str) -> Contact {
        let telephone = self.valeur("telephone", |texte| contact::telephone(texte, code_postal));
        let courriels = contact::courriels(self.recu("courriels"));
        let adresses: Vec<&str> = courriels.iter().map(|c| c.as_str()).collect();
        self.noter("courriels", adresses.join("|"), "adresses séparées et vérifiées");
        let sites_web = contact::sites_web(self.recu("site_web"));
        let adresses: Vec<&str> = sites_web.iter().map(|s| s.as_str()).collect();
        self.noter("site_web", adresses.join("|"), "adresses séparées et vérifiées");
        Contact {
            telephone,
            courriels,
            sites_web,
        }
    }

    fn horaires(&mut self) -> Option<String> {
        let lus = horaires::lire(self.recu("horaires"));
        let (retenu, regle) = lus.map_or((String::new(), "texte qui ne se lit pas comme des heures"), |(h, r)| {
            (h, r)
        });
        self.noter("horaires", &retenu, regle);
        Some(retenu).filter(|h| !h.is_empty())
    }

    fn presentation(&mut self) -> crate::domain::lieu::Presentation {
        let mut lue = presentation::lire(self.recu("presentation_resume"), self.recu("presentation_detail"));
        lue.resume = lue.resume.map(|resume| presentation::abreger(&resume));
        self.noter(
            "presentation_resume",
            lue.resume.clone().unwrap_or_default(),
            "280 caractères au plus",
        );
        self.noter(
            "presentation_detail",
            lue.detail.clone().unwrap_or_default(),
            "sans retour à la ligne",
        );
        lue
    }

    fn date(&mut self) -> jiff::civil::Date {
        let lue = date::lire(self.recu("date_maj")).map_or(DATE_INCONNUE, |instant| instant.date());
        let regle = if lue == DATE_INCONNUE {
            "date absente ou illisible"
        } else {
            "jour seul"
        };
        self.noter("date_maj", lue.to_string(), regle);
        lue
    }

    /// The standard 0.1 had one list for both; files of either version still mix them.
    fn publics(&mut self) -> (Vec<Public>, Vec<PriseEnCharge>) {
        let publics = listes::lire::<Public>(self.recu(Public::COLONNE));
        let mut prises = listes::lire::<PriseEnCharge>(self.recu(PriseEnCharge::COLONNE));
        let mut inconnus = 0;
        for inconnu in &publics.inconnus {
            match PriseEnCharge::lire(inconnu) {
                Some(prise) => ajouter_une_fois(&mut prises.valeurs, prise),
                None => inconnus += 1,
            }
        }
        self.noter_liste(&publics.valeurs, inconnus == 0);
        self.noter_liste(&prises.valeurs, prises.inconnus.is_empty());
        (publics.valeurs, prises.valeurs)
    }

    /// ZRR ended on 1 July 2024, when FRR took its place: a file that still says ZRR says nothing of today.
    fn autres_formations(&mut self) -> Vec<String> {
        let mut labels = listes::textes(self.recu("autres_formations_labels"));
        labels.retain(|label| label != "ZRR");
        self.noter(
            "autres_formations_labels",
            labels.join("|"),
            "espaces, doublons et ZRR retirés",
        );
        labels
    }

    /// The stops that the file lists, else the place itself when it moves and says when it comes.
    fn visites(&self, itinerance: &[Itinerance], horaires: Option<&str>, adresse: &Adresse) -> Vec<Visite> {
        if let Ok(visites) = serde_json::from_str::<Vec<Visite>>(self.recu("visites")) {
            return visites;
        }
        match horaires {
            Some(regle) if itinerance == [Itinerance::Itinerant] => vec![Visite {
                endroit: adresse.complement.clone().or_else(|| Some(adresse.voie.clone())),
                commune: adresse.code_insee,
                quand: Passage::Recurrent {
                    regle: regle.to_owned(),
                },
            }],
            _ => Vec::new(),
        }
    }

    /// An identifier that does not change with the rank of the row, which the next file may change.
    fn id_externe(&self, lieu: &Lieu) -> String {
        let recu = id_recu(self.ligne);
        if !recu.is_empty() {
            return recu;
        }
        let insee = lieu.adresse.code_insee.map(|c| c.to_string()).unwrap_or_default();
        let signes = format!("{}\n{}\n{insee}", plier(&lieu.nom), plier(&lieu.adresse.voie));
        let empreinte = Sha256::digest(signes.as_bytes());
        let chiffres: String = empreinte.iter().take(8).map(|octet| format!("{octet:02x}")).collect();
        format!("calcule-{chiffres}")
    }
}
