//! A file of places that somebody gave in the browser: looked at first, then written piece by piece, or put back.

use comptes::domain::perimetre::Perimetre;
use serde::{Deserialize, Serialize};
use socle::{
    clock::Instant,
    errors::Refus,
    module::StateMachine,
    permissions::{Resource, Scope, WHOLE},
};
use territoire::plier;
use uuid::Uuid;

use super::{import::Comptes, modification::Difference, nettoyage::texte::resserrer};

/// The largest file, in bytes: ten megaoctets.
pub const OCTETS_MAX: usize = 10_000_000;
/// The longest name of a source, in characters.
pub const SOURCE_MAX: usize = 100;
/// How many files of one person wait at a time.
pub const EN_ATTENTE_MAX: i64 = 5;

/// Where a file stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EtatDepot {
    /// Read, and shown to who gave it; nothing is written.
    Depose,
    /// Being written.
    EnCours,
    /// Written.
    Termine,
    /// Given up by the program, which says why.
    Interrompu,
    /// Being put back.
    Retour,
    /// Put back, or never written.
    Annule,
}

/// The transitions of a file, drawn in the docs.
pub const ETATS: StateMachine = StateMachine {
    name: "import_depose",
    transitions: &[
        ("", "deposer", "depose"),
        ("depose", "lancer", "en_cours"),
        ("depose", "annuler", "annule"),
        ("en_cours", "terminer", "termine"),
        ("en_cours", "interrompre", "interrompu"),
        ("en_cours", "annuler", "retour"),
        ("interrompu", "annuler", "retour"),
        ("termine", "annuler", "retour"),
        ("retour", "rendre", "annule"),
    ],
};

impl EtatDepot {
    /// Every state.
    pub const TOUS: [Self; 6] = [
        Self::Depose,
        Self::EnCours,
        Self::Termine,
        Self::Interrompu,
        Self::Retour,
        Self::Annule,
    ];

    /// Its code in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Depose => "depose",
            Self::EnCours => "en_cours",
            Self::Termine => "termine",
            Self::Interrompu => "interrompu",
            Self::Retour => "retour",
            Self::Annule => "annule",
        }
    }

    /// The state that has this code.
    pub fn du_code(code: &str) -> Option<Self> {
        Self::TOUS.into_iter().find(|etat| etat.code() == code)
    }

    /// The state after somebody confirms the file: the same one when it was confirmed already.
    ///
    /// # Errors
    /// When it was given up, each time with what to do instead.
    pub fn lancer(self) -> Result<Self, Refus> {
        match self {
            Self::Depose => Ok(Self::EnCours),
            Self::EnCours | Self::Termine => Ok(self),
            Self::Interrompu => Err(Refus::new(
                "cet import est interrompu\u{a0}: annulez-le pour remettre ce qui a été écrit, ou déposez de nouveau le fichier",
            )),
            Self::Retour => Err(Refus::new(
                "cet import est en cours d’annulation\u{a0}: attendez qu’elle se termine, puis déposez de nouveau le fichier",
            )),
            Self::Annule => Err(Refus::new(
                "cet import a été annulé\u{a0}: déposez de nouveau le fichier",
            )),
        }
    }

    /// The state after somebody gives up the file.
    ///
    /// # Errors
    /// When there is nothing left to give up.
    pub fn annuler(self) -> Result<Self, Refus> {
        match self {
            Self::Depose => Ok(Self::Annule),
            Self::EnCours | Self::Interrompu | Self::Termine => Ok(Self::Retour),
            Self::Retour => Err(Refus::new("cet import est déjà en cours d’annulation")),
            Self::Annule => Err(Refus::new("cet import est déjà annulé")),
        }
    }
}

/// A place that the file changes or makes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exemple {
    /// The place.
    pub lieu: Uuid,
    /// Whether the file would make it.
    pub nouveau: bool,
    /// Its name today, or the one that the file gives to a new place.
    pub nom: String,
    /// Its commune.
    pub commune: String,
    /// What changes; nothing for a new place.
    pub changements: Vec<Changement>,
}

/// A field that changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changement {
    /// The column of the standard.
    pub champ: String,
    /// Before.
    pub avant: String,
    /// After.
    pub apres: String,
}

impl From<Difference> for Changement {
    fn from(difference: Difference) -> Self {
        Self {
            champ: difference.champ.to_owned(),
            avant: difference.avant,
            apres: difference.apres,
        }
    }
}

/// In what quality somebody imports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Qualite {
    /// Who.
    pub personne: Uuid,
    /// The code of the role.
    pub fonction: String,
    /// The code of the perimeter.
    pub perimetre: String,
    /// The attribution that gives the role, asked again when the file is written.
    pub attribution: Option<Uuid>,
}

/// What the program decided of a file, and on what ground.
#[derive(Clone, Debug, PartialEq)]
pub struct Apercu {
    /// What was recognised.
    pub forme: String,
    /// How many of each.
    pub comptes: Comptes,
    /// Whether more than half of the source would be withdrawn.
    pub massif: bool,
    /// Some of the places that change, and some of those that come.
    pub exemples: Vec<Exemple>,
    /// Digest of the places of the source and of the scope when it was decided.
    pub temoin: Vec<u8>,
}

/// A file that somebody gave.
#[derive(Clone, Debug, PartialEq)]
pub struct Depot {
    /// Its identifier.
    pub id: Uuid,
    /// Who gave it, or last confirmed it.
    pub qualite: Qualite,
    /// The codes over which they may act.
    pub portee: Vec<String>,
    /// The source under which the places are kept.
    pub source: String,
    /// The name of the file.
    pub fichier: String,
    /// When it was given.
    pub depose_at: Instant,
    /// Until when it waits to be confirmed; once it ended, until when it can be undone.
    pub expire_at: Instant,
    /// When it ended, one way or another.
    pub clos_at: Option<Instant>,
    /// Where it stands.
    pub etat: EtatDepot,
    /// Why it was interrupted.
    pub raison: Option<String>,
    /// What was decided of it.
    pub apercu: Apercu,
    /// How many places were written.
    pub fait: i64,
    /// How many of these are put back.
    pub rendus: i64,
    /// How many were left as they are, since they changed meanwhile.
    pub laisses: i64,
    /// How many times it changed.
    pub version: i64,
}

impl Depot {
    /// How many places it writes.
    pub fn a_ecrire(&self) -> i64 {
        let comptes = &self.apercu.comptes;
        comptes.creees + comptes.modifiees + comptes.retirees
    }

    /// Until when it can be undone.
    pub fn retour_jusqu_a(&self) -> Option<Instant> {
        self.clos_at.map(|_| self.expire_at)
    }

    /// Whether somebody may give it up at this instant.
    pub fn peut_s_annuler(&self, at: Instant) -> bool {
        self.retour_jusqu_a().is_none_or(|fin| at <= fin) && self.etat.annuler().is_ok()
    }

    /// Over what it was given, and over what it acts, whoever confirms it.
    pub fn scope(&self) -> Scope {
        if self.portee.iter().any(|code| code == WHOLE) {
            Scope::Everything
        } else {
            Scope::Within(self.portee.clone())
        }
    }

    /// Whether a scope holds all that the file may touch.
    pub fn tient_dans(&self, scope: &Scope) -> bool {
        let dedans = |code: &String| codes_de(code).iter().any(|code| scope.codes().contains(code));
        scope.is_everything() || self.portee.iter().all(dedans)
    }
}

impl Resource for Depot {
    /// The perimeters over which it was given, and what holds them.
    fn codes(&self) -> Vec<String> {
        codes_du_depot(&self.portee)
    }
}

/// The codes of where a file given over these perimeters lies, each once.
pub fn codes_du_depot(portee: &[String]) -> Vec<String> {
    let mut codes: Vec<String> = portee.iter().flat_map(|code| codes_de(code)).collect();
    codes.sort();
    codes.dedup();
    codes
}

fn codes_de(code: &str) -> Vec<String> {
    Perimetre::lire(code).map_or_else(|_| vec![code.to_owned()], |perimetre| perimetre.codes())
}

/// Reads the name of a source.
///
/// # Errors
/// When it is empty or too long.
pub fn lire_source(texte: &str) -> Result<String, Refus> {
    let source = resserrer(texte);
    match source.chars().count() {
        0 => Err(Refus::champ(
            "source",
            "écrivez le nom de la source, par exemple celui de votre réseau",
        )),
        n if n > SOURCE_MAX => Err(Refus::champ(
            "source",
            format!("écrivez {SOURCE_MAX} caractères au plus\u{a0}; il y en a {n}"),
        )),
        _ => Ok(source),
    }
}

/// The known source that has almost this name: written otherwise, it would be another source, and its places would be there twice.
pub fn source_proche<'c>(source: &str, connues: &'c [String]) -> Option<&'c str> {
    if connues.iter().any(|connue| connue == source) {
        return None;
    }
    let plie = plier(source);
    connues.iter().find(|connue| plier(connue) == plie).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chaque_etat_s_annule_comme_le_dit_la_table() {
        for etat in EtatDepot::TOUS {
            let vers = ETATS
                .transitions
                .iter()
                .find(|(de, verbe, _)| *de == etat.code() && *verbe == "annuler")
                .map(|(_, _, vers)| *vers);
            assert_eq!(etat.annuler().ok().map(EtatDepot::code), vers, "{etat:?}");
            assert_eq!(EtatDepot::du_code(etat.code()), Some(etat));
        }
    }

    #[test]
    fn ce_qui_ne_se_lance_plus_dit_chaque_fois_pourquoi() {
        let lance = |etat: EtatDepot| etat.lancer().map_err(|refus| refus.message);
        assert_eq!(lance(EtatDepot::Depose), Ok(EtatDepot::EnCours));
        assert_eq!(lance(EtatDepot::EnCours), Ok(EtatDepot::EnCours));
        assert_eq!(lance(EtatDepot::Termine), Ok(EtatDepot::Termine));
        for (etat, mot) in [
            (EtatDepot::Interrompu, "interrompu"),
            (EtatDepot::Retour, "en cours d’annulation"),
            (EtatDepot::Annule, "a été annulé"),
        ] {
            assert!(lance(etat).unwrap_err().contains(mot), "{etat:?}");
        }
    }

    #[test]
    fn un_depot_est_dans_ce_qui_contient_son_perimetre() {
        assert_eq!(
            codes_du_depot(&["D:01".into(), "D:69".into()]),
            ["D:01", "D:69", "R:84"]
        );
        assert_eq!(codes_du_depot(&["N".into()]), ["N"]);
    }

    fn depot(etat: EtatDepot, at: Instant, clos_at: Option<Instant>) -> Depot {
        Depot {
            id: Uuid::nil(),
            qualite: Qualite {
                personne: Uuid::nil(),
                fonction: "Anct".into(),
                perimetre: "N".into(),
                attribution: None,
            },
            portee: vec!["D:01".into(), "D:69".into()],
            source: "Hub".into(),
            fichier: "a.csv".into(),
            depose_at: at,
            expire_at: at,
            clos_at,
            etat,
            raison: None,
            apercu: Apercu {
                forme: String::new(),
                comptes: Comptes::default(),
                massif: false,
                exemples: Vec::new(),
                temoin: Vec::new(),
            },
            fait: 0,
            rendus: 0,
            laisses: 0,
            version: 0,
        }
    }

    #[test]
    fn un_import_s_annule_pendant_trente_jours() {
        let fin = socle::testing::instant();
        for (etat, clos, jours, attendu) in [
            (EtatDepot::Depose, None, 400, true),
            (EtatDepot::EnCours, None, 400, true),
            (EtatDepot::Termine, Some(fin), 30, true),
            (EtatDepot::Termine, Some(fin), 31, false),
            (EtatDepot::Interrompu, Some(fin), 31, false),
            (EtatDepot::Retour, Some(fin), 0, false),
            (EtatDepot::Annule, Some(fin), 0, false),
        ] {
            let at = fin.plus_seconds(jours * 86_400);
            let jusque = fin.plus_seconds(30 * 86_400);
            assert_eq!(
                depot(etat, jusque, clos).peut_s_annuler(at),
                attendu,
                "{etat:?} {jours}"
            );
        }
    }

    #[test]
    fn une_partie_du_perimetre_ne_suffit_pas_pour_agir() {
        let depose = depot(EtatDepot::Depose, socle::testing::instant(), None);
        let dans = |codes: &[&str]| Scope::Within(codes.iter().map(|code| (*code).to_owned()).collect());
        for (portee, attendu) in [
            (dans(&["R:84"]), true),
            (dans(&["D:01", "D:69"]), true),
            (Scope::Everything, true),
            (dans(&["D:01"]), false),
            (dans(&["R:53"]), false),
        ] {
            assert_eq!(depose.tient_dans(&portee), attendu, "{portee:?}");
        }
        assert_eq!(depose.scope(), dans(&["D:01", "D:69"]));
        let partout = Depot {
            portee: vec!["N".into()],
            ..depose
        };
        assert_eq!(partout.scope(), Scope::Everything);
    }

    #[test]
    fn une_source_a_un_nom() {
        assert_eq!(lire_source("  Hub   de l’Ain ").unwrap(), "Hub de l’Ain");
        assert!(lire_source(" ").is_err());
        assert!(lire_source(&"a".repeat(SOURCE_MAX + 1)).is_err());
    }

    #[test]
    fn une_source_ecrite_autrement_se_reconnait() {
        let connues = ["Hub de l’Ain", "HUB DE L'AIN 2"].map(str::to_owned);
        assert_eq!(source_proche("hub de l'ain", &connues), Some("Hub de l’Ain"));
        assert_eq!(source_proche("Hub de l’Ain", &connues), None);
        assert_eq!(source_proche("Hub du Rhône", &connues), None);
    }
}
