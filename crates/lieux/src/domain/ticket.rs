//! A mistake that somebody reports on a field of a place; nothing is kept of who reports it.

use serde::Serialize;
use socle::{clock::Instant, errors::Refus};
use uuid::Uuid;

use super::{nettoyage::contact, standard::colonnes::COLONNES};

/// Longest message, in characters.
pub const MESSAGE_MAX: usize = 1_000;

/// A reported mistake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ticket {
    /// Its identifier.
    pub id: Uuid,
    /// The place.
    pub lieu: Uuid,
    /// The column of the standard that is wrong.
    pub champ: String,
    /// What is wrong, in the words of the person.
    pub message: String,
    /// When it was reported.
    pub ouvert_at: Instant,
    /// What became of it.
    pub etat: EtatTicket,
    /// Changes at each decision.
    #[serde(skip)]
    pub version: i64,
}

/// What became of a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "etat", rename_all = "kebab-case")]
pub enum EtatTicket {
    /// Nobody answered yet.
    Ouvert,
    /// The field was corrected.
    Corrige {
        /// When.
        clos_at: Instant,
        /// What was done.
        reponse: String,
    },
    /// The field was right, or nobody can tell.
    SansSuite {
        /// When.
        clos_at: Instant,
        /// Why.
        reponse: String,
    },
}

/// How a ticket ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Issue {
    /// The field was corrected.
    Corrige,
    /// Nothing to correct.
    SansSuite,
}

impl EtatTicket {
    /// Its code in the database.
    pub fn code(&self) -> &'static str {
        match self {
            EtatTicket::Ouvert => "ouvert",
            EtatTicket::Corrige { .. } => "corrige",
            EtatTicket::SansSuite { .. } => "sans_suite",
        }
    }
}

/// A report that was read, ready to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signalement {
    champ: &'static str,
    message: String,
}

impl Signalement {
    /// Reads what a person wrote.
    ///
    /// # Errors
    /// When the field does not exist, when the message is empty or too long, or when it gives an e-mail or a number that the field does
    /// not hold: somebody's own.
    pub fn lire(champ: &str, message: &str) -> Result<Self, Refus> {
        let connu = COLONNES.into_iter().find(|c| *c == champ && *c != "id");
        let champ =
            connu.ok_or_else(|| Refus::champ("champ", "choisissez l’information qui est fausse dans la liste"))?;
        let message = super::nettoyage::texte::resserrer(message);
        let longueur = message.chars().count();
        if longueur == 0 {
            return Err(Refus::champ("message", "dites en quelques mots ce qui est faux"));
        }
        if longueur > MESSAGE_MAX {
            let trop = format!("le message a {longueur} caractères, il en faut au plus {MESSAGE_MAX}");
            return Err(Refus::champ("message", trop));
        }
        let courriel = champ != "courriels" && !contact::courriels(&message).is_empty();
        let telephone = champ != "telephone" && contact::telephone(&message, "").is_some();
        if courriel || telephone {
            let personnel = "n’écrivez ni adresse de courriel ni numéro de téléphone : votre signalement reste anonyme";
            return Err(Refus::champ("message", personnel));
        }
        Ok(Signalement { champ, message })
    }

    /// The ticket that keeps it.
    pub fn ouvrir(self, id: Uuid, lieu: Uuid, at: Instant) -> Ticket {
        Ticket {
            id,
            lieu,
            champ: self.champ.to_owned(),
            message: self.message,
            ouvert_at: at,
            etat: EtatTicket::Ouvert,
            version: 0,
        }
    }
}

impl Ticket {
    /// Ends the ticket.
    ///
    /// # Errors
    /// When it was ended before, or when the answer is empty or too long.
    pub fn clore(self, issue: Issue, reponse: &str, at: Instant) -> Result<Self, Refus> {
        if self.etat != EtatTicket::Ouvert {
            return Err(Refus::new("ce signalement est déjà clos"));
        }
        let reponse = super::nettoyage::texte::resserrer(reponse);
        if reponse.is_empty() || reponse.chars().count() > MESSAGE_MAX {
            let attendu = format!("dites en {MESSAGE_MAX} caractères au plus ce qui a été fait");
            return Err(Refus::champ("reponse", attendu));
        }
        let etat = match issue {
            Issue::Corrige => EtatTicket::Corrige { clos_at: at, reponse },
            Issue::SansSuite => EtatTicket::SansSuite { clos_at: at, reponse },
        };
        Ok(Ticket { etat, ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ICI: Uuid = Uuid::nil();

    fn refus(champ: &str, message: &str) -> Option<String> {
        let refus = Signalement::lire(champ, message).err()?;
        refus.champ.map(|c| c.to_string())
    }

    #[test]
    fn un_signalement_dit_quoi_et_rien_de_qui() {
        for (champ, message, attendu) in [
            ("horaires", "fermé le lundi depuis mars", None),
            ("telephone", "le bon numéro est le 04 76 00 00 00", None),
            ("horaires", "rappelez-moi au 06 00 00 00 00", Some("message")),
            ("nom", "écrivez à camille@exemple.fr", Some("message")),
            ("nom", "  ", Some("message")),
            ("mot de passe", "faux", Some("champ")),
        ] {
            assert_eq!(refus(champ, message).as_deref(), attendu, "{champ} {message}");
        }
        assert_eq!(refus("nom", &"é".repeat(MESSAGE_MAX + 1)).as_deref(), Some("message"));
    }

    #[test]
    fn un_ticket_ne_se_clot_qu_une_fois_et_avec_une_reponse() {
        let at = socle::testing::instant();
        let ticket = Signalement::lire("nom", "mal écrit").unwrap().ouvrir(ICI, ICI, at);
        assert!(ticket.clone().clore(Issue::Corrige, " ", at).is_err());
        let clos = ticket.clore(Issue::Corrige, "nom corrigé", at).unwrap();
        assert_eq!(clos.etat.code(), "corrige");
        assert!(clos.clore(Issue::SansSuite, "finalement non", at).is_err());
    }
}
