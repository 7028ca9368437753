//! Signing in by a link sent by e-mail, or by the code that the same message carries.

use socle::clock::Instant;
use uuid::Uuid;

/// How long the link holds, in seconds.
pub const DUREE_LIEN: i64 = 10 * 60;
/// How long the code holds, in seconds: long enough to fetch another device.
pub const DUREE_CODE: i64 = 30 * 60;
/// How many codes may be tried before the request is void.
pub const ESSAIS_MAX: i64 = 5;

/// A request to sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demande {
    /// Its identifier.
    pub id: Uuid,
    /// Who asked, when the address leads to someone.
    pub personne: Option<Uuid>,
    /// The contact point that the message went to.
    pub contact: Option<Uuid>,
    /// Where to go afterwards: a path of this site.
    pub suite: String,
    /// When it was asked.
    pub demandee_at: Instant,
    /// How many codes were tried.
    pub essais: i64,
    /// When it was used.
    pub utilisee_at: Option<Instant>,
}

/// Why a request does not sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RefusConnexion {
    /// Unknown, used, or too old: nobody is told which.
    #[error("ce lien ou ce code ne vaut plus : demandez-en un autre, il arrive en quelques secondes")]
    Perime,
    /// The link was opened in another browser than the one that asked.
    #[error(
        "ce lien vaut dans le navigateur où il a été demandé : ouvrez-le là, ou tapez ici le code que contient le même message"
    )]
    AutreNavigateur,
    /// The code is not the one sent.
    #[error("ce code n’est pas celui du message : vérifiez les chiffres et recommencez")]
    CodeFaux,
}

impl Demande {
    /// Signs in by the link: in the same browser, once, within ten minutes.
    ///
    /// # Errors
    /// When one of these does not hold.
    pub fn par_lien(self, meme_navigateur: bool, at: Instant) -> Result<(Self, Uuid), RefusConnexion> {
        let personne = self.personne.filter(|_| self.est_en_cours(at, DUREE_LIEN));
        let personne = personne.ok_or(RefusConnexion::Perime)?;
        if !meme_navigateur {
            return Err(RefusConnexion::AutreNavigateur);
        }
        Ok((self.utiliser(at), personne))
    }

    /// Signs in by the code, in any browser, once, within thirty minutes, after few tries. A request for an address that leads to nobody
    /// refuses as another does, or else a wrong code would tell which addresses are known.
    ///
    /// # Errors
    /// When one of these does not hold.
    pub fn par_code(self, code_juste: bool, at: Instant) -> Result<(Self, Uuid), RefusConnexion> {
        if !self.est_en_cours(at, DUREE_CODE) || self.essais >= ESSAIS_MAX {
            return Err(RefusConnexion::Perime);
        }
        let personne = self.personne.filter(|_| code_juste);
        let personne = personne.ok_or(RefusConnexion::CodeFaux)?;
        Ok((self.utiliser(at), personne))
    }

    fn est_en_cours(&self, at: Instant, duree: i64) -> bool {
        self.demandee_at <= at && at < self.demandee_at.plus_seconds(duree) && self.utilisee_at.is_none()
    }

    fn utiliser(self, at: Instant) -> Self {
        Self {
            utilisee_at: Some(at),
            ..self
        }
    }
}

/// What a person typed as a code, without the spaces that help to read it.
pub fn chiffres(texte: &str) -> String {
    texte.chars().filter(char::is_ascii_digit).collect()
}

/// Eight digits drawn from chance, written in two groups by [`lisible`].
pub fn code_de(hasard: [u8; 8]) -> String {
    format!("{:08}", u64::from_be_bytes(hasard) % 100_000_000)
}

/// A code as it is read: two groups of four.
pub fn lisible(code: &str) -> String {
    let (debut, fin) = code.split_at(code.len().min(4));
    format!("{debut} {fin}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demande(personne: Option<Uuid>, essais: i64) -> Demande {
        Demande {
            id: Uuid::nil(),
            personne,
            contact: None,
            suite: "/".into(),
            demandee_at: Instant::from_micros(0),
            essais,
            utilisee_at: None,
        }
    }

    fn apres(secondes: i64) -> Instant {
        Instant::from_micros(0).plus_seconds(secondes)
    }

    #[test]
    fn un_lien_vaut_dix_minutes_une_fois_dans_son_navigateur() {
        let awa = Some(Uuid::from_u128(1));
        let (utilisee, qui) = demande(awa, 0).par_lien(true, apres(599)).unwrap();
        assert_eq!(Some(qui), awa);
        assert_eq!(utilisee.par_lien(true, apres(600)), Err(RefusConnexion::Perime));
        assert_eq!(demande(awa, 0).par_lien(true, apres(600)), Err(RefusConnexion::Perime));
        assert_eq!(
            demande(awa, 0).par_lien(false, apres(1)),
            Err(RefusConnexion::AutreNavigateur)
        );
        assert_eq!(demande(None, 0).par_lien(true, apres(1)), Err(RefusConnexion::Perime));
        // A browser whose clock runs before the server's gains nothing.
        assert_eq!(demande(awa, 0).par_lien(true, apres(-1)), Err(RefusConnexion::Perime));
    }

    #[test]
    fn un_code_vaut_trente_minutes_et_cinq_essais() {
        let awa = Some(Uuid::from_u128(1));
        assert!(demande(awa, 4).par_code(true, apres(1799)).is_ok());
        assert_eq!(demande(awa, 5).par_code(true, apres(1)), Err(RefusConnexion::Perime));
        assert_eq!(demande(awa, 0).par_code(false, apres(1)), Err(RefusConnexion::CodeFaux));
        assert_eq!(demande(awa, 0).par_code(true, apres(1800)), Err(RefusConnexion::Perime));
        // Whether somebody is behind the address changes nothing for who does not have the code.
        for (essais, secondes) in [(0, 1), (4, 1799), (5, 1), (0, 1800)] {
            assert_eq!(
                demande(None, essais).par_code(false, apres(secondes)),
                demande(awa, essais).par_code(false, apres(secondes)),
            );
        }
        assert_eq!(demande(None, 0).par_code(true, apres(1)), Err(RefusConnexion::CodeFaux));
    }

    #[test]
    fn un_code_se_lit_avec_ou_sans_espace() {
        assert_eq!(chiffres(" 1234 56\u{a0}78 "), "12345678");
        assert_eq!(lisible("01234567"), "0123 4567");
        assert_eq!(code_de([0; 8]), "00000000");
        assert_eq!(code_de([255; 8]).len(), 8);
    }
}
