//! Why a text is not a set of opening hours.

/// Longest accepted expression, in bytes: eight times the OpenStreetMap limit, so that hostile input stays cheap.
pub const LONGUEUR_MAX: usize = 2048;

/// A refusal to read opening hours; positions count characters from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ErreurHoraires {
    /// Nothing but spaces.
    #[error("les horaires sont vides")]
    Vide,
    /// More than [`LONGUEUR_MAX`] bytes.
    #[error("les horaires sont trop longs : {octets} octets, {LONGUEUR_MAX} au plus")]
    TropLong {
        /// Length of the refused text, in bytes.
        octets: usize,
    },
    /// Something stands where the grammar wants something else.
    #[error("au caractère {position}, {attendu} est attendu au lieu de « {trouve} »")]
    Inattendu {
        /// Where.
        position: usize,
        /// What the grammar wants there.
        attendu: &'static str,
        /// The word found there.
        trouve: String,
    },
    /// The text stops too early.
    #[error("les horaires s'arrêtent trop tôt : au caractère {position}, {attendu} est attendu")]
    Incomplet {
        /// Where.
        position: usize,
        /// What the grammar wants there.
        attendu: &'static str,
    },
    /// A number out of its range, such as 25:00 or week 60.
    #[error("au caractère {position}, « {valeur} » n'est pas {attendu}")]
    HorsBornes {
        /// Where.
        position: usize,
        /// What the number should be, with its bounds.
        attendu: &'static str,
        /// The number as written.
        valeur: String,
    },
    /// A range of weeks or years whose end comes before its start.
    #[error("au caractère {position}, la fin de l'intervalle vient avant son début")]
    Inverse {
        /// Where.
        position: usize,
    },
    /// Sunrise and its like need a position, which opening hours do not carry.
    #[error("au caractère {position}, « {evenement} » dépend du soleil : écrivez une heure")]
    Soleil {
        /// Where.
        position: usize,
        /// The event as written.
        evenement: String,
    },
    /// A comment without its closing quote.
    #[error("au caractère {position}, le guillemet ouvrant n'est jamais fermé")]
    GuillemetOuvert {
        /// Where the comment starts.
        position: usize,
    },
}

impl ErreurHoraires {
    /// Where the trouble is, in characters from 1, when it has a place.
    #[must_use]
    pub const fn position(&self) -> Option<usize> {
        match self {
            Self::Vide | Self::TropLong { .. } => None,
            Self::Inattendu { position, .. }
            | Self::Incomplet { position, .. }
            | Self::HorsBornes { position, .. }
            | Self::Inverse { position }
            | Self::Soleil { position, .. }
            | Self::GuillemetOuvert { position } => Some(*position),
        }
    }
}
