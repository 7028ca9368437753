//! What people are told, and how each of them wants to be told.

use socle::clock::Instant;
use uuid::Uuid;

/// What a notification is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GenreNotification {
    /// A function was granted or ended.
    Fonction,
    /// An invitation that one sent was accepted.
    Invitation,
    /// The ways in which one signs in changed.
    Facteurs,
    /// A file that nobody uses any more is about to be anonymised.
    Fiche,
    /// Something was decided of a place for which one asked, or an import that one confirmed ended.
    Lieu,
}

impl GenreNotification {
    /// Every kind.
    pub const TOUS: [Self; 5] = [
        Self::Fonction,
        Self::Invitation,
        Self::Facteurs,
        Self::Fiche,
        Self::Lieu,
    ];

    /// Its stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Fonction => "fonction",
            Self::Invitation => "invitation",
            Self::Facteurs => "facteurs",
            Self::Fiche => "fiche",
            Self::Lieu => "lieu",
        }
    }

    /// The kind that a code names.
    pub fn depuis_code(code: &str) -> Option<Self> {
        Self::TOUS.into_iter().find(|g| g.code() == code)
    }

    /// What it is called on screen.
    pub const fn titre(self) -> &'static str {
        match self {
            Self::Fonction => "Mes fonctions changent",
            Self::Invitation => "Une personne que j’ai invitée accepte",
            Self::Facteurs => "Mes moyens de connexion changent",
            Self::Fiche => "Une fiche que j’ai ouverte va être rendue anonyme",
            Self::Lieu => "Mes demandes et mes imports de lieux aboutissent",
        }
    }

    /// Whether a message is always sent: the person must know even if someone else holds their session.
    pub const fn est_de_securite(self) -> bool {
        matches!(self, Self::Facteurs)
    }
}

/// How someone wants to be told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mode {
    /// A message at once.
    #[default]
    Courriel,
    /// One message a day for all of them.
    Resume,
    /// In the application alone.
    Application,
    /// Not at all.
    Rien,
}

impl Mode {
    /// Every way.
    pub const TOUS: [Self; 4] = [Self::Courriel, Self::Resume, Self::Application, Self::Rien];

    /// Its stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Courriel => "courriel",
            Self::Resume => "resume",
            Self::Application => "application",
            Self::Rien => "rien",
        }
    }

    /// The way that a code names.
    pub fn depuis_code(code: &str) -> Option<Self> {
        Self::TOUS.into_iter().find(|m| m.code() == code)
    }

    /// What it is called on screen.
    pub const fn titre(self) -> &'static str {
        match self {
            Self::Courriel => "un courriel tout de suite",
            Self::Resume => "un courriel par jour, qui résume",
            Self::Application => "sur le site seulement",
            Self::Rien => "rien",
        }
    }

    /// The way that counts for a kind: what protects the account is always sent, and what someone else depends on is told at least on the site.
    pub const fn pour(self, genre: GenreNotification) -> Self {
        match (self, genre) {
            _ if genre.est_de_securite() => Self::Courriel,
            (Self::Rien, GenreNotification::Fiche) => Self::Application,
            _ => self,
        }
    }
}

/// A notification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// Its identifier.
    pub id: Uuid,
    /// What it is about.
    pub genre: GenreNotification,
    /// What happened, in one sentence.
    pub phrase: String,
    /// Where to see it: a path of this site.
    pub chemin: String,
    /// When it happened.
    pub faite_at: Instant,
    /// When it was read.
    pub lue_at: Option<Instant>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ce_qui_protege_le_compte_s_envoie_toujours() {
        for mode in Mode::TOUS {
            assert_eq!(mode.pour(GenreNotification::Facteurs), Mode::Courriel);
            assert_eq!(mode.pour(GenreNotification::Fonction), mode);
            assert_ne!(mode.pour(GenreNotification::Fiche), Mode::Rien);
            assert_eq!(Mode::depuis_code(mode.code()), Some(mode));
        }
    }
}
