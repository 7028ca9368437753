//! Delegations of signature and temporary replacements: dated acts, checked at each decision (domain notes, 7-cadre-juridique section 7.1).

use super::{attribution::Attribution, fonction::Part};
use socle::{
    clock::{Day, Instant},
    errors::Refus,
    permissions::Resource,
};
use uuid::Uuid;

/// The longest time for which a replacement is given, in days.
const REMPLACEMENT_MAX_JOURS: i32 = 366;

/// What is passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GenreDelegation {
    /// Signing in the name of the holder, who keeps the function.
    Signature,
    /// Exercising the function while the holder is away.
    Remplacement,
}

impl GenreDelegation {
    /// Both.
    pub const TOUS: [Self; 2] = [Self::Signature, Self::Remplacement];

    /// Its stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Signature => "signature",
            Self::Remplacement => "remplacement",
        }
    }

    /// The kind that a code names.
    pub fn depuis_code(code: &str) -> Option<Self> {
        Self::TOUS.into_iter().find(|g| g.code() == code)
    }

    /// What it is called on screen.
    pub const fn titre(self) -> &'static str {
        match self {
            Self::Signature => "Délégation de signature",
            Self::Remplacement => "Remplacement temporaire",
        }
    }
}

/// A delegation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delegation {
    /// Its identifier.
    pub id: Uuid,
    /// The attribution passed on.
    pub attribution: Uuid,
    /// Where that attribution lies, and who holds it.
    pub codes: Vec<String>,
    /// To whom.
    pub personne: Uuid,
    /// What is passed on.
    pub genre: GenreDelegation,
    /// The reference of the signed act, such as an order's number and date.
    pub acte: String,
    /// The first day.
    pub du: Day,
    /// The last day.
    pub au: Day,
    /// Who recorded it.
    pub accordee_par: Uuid,
    /// When it was recorded.
    pub accordee_at: Instant,
    /// When it was ended before its last day.
    pub retiree_at: Option<Instant>,
    /// How many times it changed.
    pub version: i64,
}

/// What a delegation says, as a form gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acte {
    /// To whom.
    pub personne: Uuid,
    /// What is passed on.
    pub genre: GenreDelegation,
    /// The reference of the signed act.
    pub reference: String,
    /// The first day.
    pub du: Day,
    /// The last day.
    pub au: Day,
}

impl Delegation {
    /// Records a delegation of this attribution.
    ///
    /// # Errors
    /// When the function cannot be passed on so, when the dates do not hold, or when the act has no reference.
    pub fn accorder(id: Uuid, de: &Attribution, acte: Acte, par: Uuid, at: Instant) -> Result<Self, Refus> {
        let reference = acte.reference.trim().to_owned();
        if reference.is_empty() {
            return Err(Refus::champ(
                "acte",
                "indiquez la référence de l’acte signé, par exemple « arrêté n° 2026-12 du 3 mars 2026 »",
            ));
        }
        if acte.personne == de.personne {
            return Err(Refus::champ("personne", "cette personne exerce déjà la fonction"));
        }
        if acte.genre == GenreDelegation::Signature && de.fonction.part() != Some(Part::Decide) {
            return Err(Refus::champ(
                "genre",
                "seule une fonction qui décide se délègue par signature ; choisissez un remplacement",
            ));
        }
        if acte.au < acte.du {
            return Err(Refus::champ("au", "le dernier jour ne peut pas précéder le premier"));
        }
        let jours = acte.du.until(acte.au).map_or(i32::MAX, |span| span.get_days());
        if acte.genre == GenreDelegation::Remplacement && jours > REMPLACEMENT_MAX_JOURS {
            return Err(Refus::champ("au", "un remplacement dure un an au plus"));
        }
        if de.au.is_some_and(|fin| acte.au > fin) || acte.du < de.du {
            return Err(Refus::champ(
                "au",
                "la délégation ne peut pas dépasser les dates de la fonction déléguée",
            ));
        }
        Ok(Self {
            id,
            attribution: de.id,
            codes: de.codes(),
            personne: acte.personne,
            genre: acte.genre,
            acte: reference,
            du: acte.du,
            au: acte.au,
            accordee_par: par,
            accordee_at: at,
            retiree_at: None,
            version: 0,
        })
    }

    /// Ends it now.
    ///
    /// # Errors
    /// When it is already over.
    pub fn retirer(self, at: Instant, jour: Day) -> Result<Self, Refus> {
        if self.retiree_at.is_some() || self.au < jour {
            return Err(Refus::new("cette délégation a déjà pris fin"));
        }
        Ok(Self {
            retiree_at: Some(at),
            ..self
        })
    }

    /// Whether it holds on a day.
    pub fn vaut(&self, jour: Day) -> bool {
        self.retiree_at.is_none() && (self.du..=self.au).contains(&jour)
    }
}

impl Resource for Delegation {
    fn codes(&self) -> Vec<String> {
        self.codes.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{attribution::Accord, fonction::Fonction, perimetre::Perimetre};
    use jiff::civil::date;

    fn attribution(fonction: Fonction, perimetre: &str) -> Attribution {
        let perimetre = Perimetre::lire(perimetre).unwrap();
        let accord = Accord {
            personne: Uuid::from_u128(1),
            fonction,
            portee: perimetre.codes(),
            perimetre,
            du: date(2026, 1, 1),
            au: Some(date(2026, 12, 31)),
        };
        Attribution::accorder(Uuid::nil(), accord, None, Instant::from_micros(0)).unwrap()
    }

    fn acte(genre: GenreDelegation, du: Day, au: Day) -> Acte {
        Acte {
            personne: Uuid::from_u128(2),
            genre,
            reference: "arrêté 2026-12".into(),
            du,
            au,
        }
    }

    #[test]
    fn une_delegation_vaut_dans_ses_dates_et_dans_celles_de_la_fonction() {
        let prefet = attribution(Fonction::Prefet, "D:69");
        let accorder =
            |acte| Delegation::accorder(Uuid::nil(), &prefet, acte, Uuid::from_u128(1), Instant::from_micros(0));
        let une = accorder(acte(GenreDelegation::Signature, date(2026, 3, 1), date(2026, 3, 31))).unwrap();
        assert!(une.vaut(date(2026, 3, 1)) && une.vaut(date(2026, 3, 31)));
        assert!(!une.vaut(date(2026, 2, 28)) && !une.vaut(date(2026, 4, 1)));
        assert!(
            !une.retirer(Instant::from_micros(0), date(2026, 3, 5))
                .unwrap()
                .vaut(date(2026, 3, 6))
        );
        assert!(accorder(acte(GenreDelegation::Signature, date(2026, 3, 1), date(2027, 1, 1))).is_err());
        assert!(accorder(acte(GenreDelegation::Signature, date(2026, 3, 2), date(2026, 3, 1))).is_err());
    }

    #[test]
    fn seul_qui_decide_delegue_sa_signature() {
        let agent = attribution(Fonction::Prefecture, "D:69");
        let essai = |genre| {
            Delegation::accorder(
                Uuid::nil(),
                &agent,
                acte(genre, date(2026, 3, 1), date(2026, 3, 31)),
                Uuid::from_u128(1),
                Instant::from_micros(0),
            )
        };
        assert!(essai(GenreDelegation::Signature).is_err());
        assert!(essai(GenreDelegation::Remplacement).is_ok());
    }
}
