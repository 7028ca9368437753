//! A session: who is signed in, on which device, by which means, until when.

use socle::{
    clock::Instant,
    permissions::{Resource, person_code},
};
use uuid::Uuid;

/// The longest life of a session, in seconds.
pub const DUREE_MAX: i64 = 30 * 86_400;
/// How long a session lasts without use, in seconds.
pub const DUREE_SANS_USAGE: i64 = 12 * 3600;
/// The longest life of a session in someone's place, used or not, in seconds.
pub const DUREE_PLACE: i64 = 3600;
/// A session's last use is written at most this often, in seconds.
pub const PAS_DE_VUE: i64 = 300;

/// The means by which someone signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoyenConnexion {
    /// The link of a message.
    Lien,
    /// The code of a message.
    Code,
    /// A passkey.
    CleAcces,
    /// An identity provider.
    Fournisseur,
    /// The link that the operator's command printed.
    Operateur,
    /// The list of the demonstration.
    Demonstration,
}

impl MoyenConnexion {
    /// Every means.
    pub const TOUS: [Self; 6] = [
        Self::Lien,
        Self::Code,
        Self::CleAcces,
        Self::Fournisseur,
        Self::Operateur,
        Self::Demonstration,
    ];

    /// Its stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Lien => "lien",
            Self::Code => "code",
            Self::CleAcces => "cle_acces",
            Self::Fournisseur => "fournisseur",
            Self::Operateur => "operateur",
            Self::Demonstration => "demonstration",
        }
    }

    /// The means that a code names.
    pub fn depuis_code(code: &str) -> Option<Self> {
        Self::TOUS.into_iter().find(|m| m.code() == code)
    }

    /// What it is called on screen.
    pub const fn titre(self) -> &'static str {
        match self {
            Self::Lien => "lien reçu par courriel",
            Self::Code => "code reçu par courriel",
            Self::CleAcces => "clé d’accès",
            Self::Fournisseur => "service de connexion",
            Self::Operateur => "lien de l’exploitant",
            Self::Demonstration => "liste de la démonstration",
        }
    }
}

/// Acting in someone's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// In whose place.
    pub de: Uuid,
    /// The attribution that gives the right to it: the session ends with it.
    pub titre: Uuid,
    /// Why, in words that the person reads.
    pub motif: String,
}

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its identifier, which is not its secret.
    pub id: Uuid,
    /// Who signed in.
    pub personne: Uuid,
    /// By which means.
    pub moyen: MoyenConnexion,
    /// Whether two factors were shown.
    pub fort: bool,
    /// When a factor was last shown.
    pub preuve_at: Instant,
    /// The device, said roughly: `Firefox sur Android`.
    pub appareil: String,
    /// The attribution in which they act, when they chose one.
    pub attribution: Option<Uuid>,
    /// In whose place they act.
    pub place: Option<Place>,
    /// When it began.
    pub ouverte_at: Instant,
    /// When it was last used.
    pub vue_at: Instant,
    /// When it ends if nobody uses it.
    pub expire_at: Instant,
    /// When it was ended.
    pub fermee_at: Option<Instant>,
}

impl Session {
    /// When a session used now ends: after a while without use, and never later than its longest life; in someone's place, an hour after it
    /// began, whatever is done.
    pub fn fin(ouverte_at: Instant, at: Instant, en_place: bool) -> Instant {
        if en_place {
            return ouverte_at.plus_seconds(DUREE_PLACE);
        }
        at.plus_seconds(DUREE_SANS_USAGE)
            .min(ouverte_at.plus_seconds(DUREE_MAX))
    }
}

impl Resource for Session {
    fn codes(&self) -> Vec<String> {
        vec![person_code(self.personne)]
    }
}

/// The browser and system that a `User-Agent` tells, roughly: enough for a person to recognise their device, too little to follow them.
pub fn appareil(agent: &str) -> String {
    let premier = |liste: &[(&str, &'static str)]| {
        liste
            .iter()
            .find(|(signe, _)| agent.contains(signe))
            .map(|(_, nom)| *nom)
    };
    // The order matters: most browsers name several others.
    let navigateur = premier(&[
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Chrome/", "Chrome"),
        ("CriOS/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let systeme = premier(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "Mac"),
        ("Linux", "Linux"),
    ]);
    match (navigateur, systeme) {
        (Some(navigateur), Some(systeme)) => format!("{navigateur} sur {systeme}"),
        (Some(seul), None) | (None, Some(seul)) => seul.to_owned(),
        (None, None) => "appareil inconnu".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn un_appareil_se_reconnait_sans_se_suivre() {
        let cas = [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "Firefox sur Linux",
            ),
            (
                "Mozilla/5.0 (Linux; Android 9; SM-A105FN) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/96.0.4664.45 Mobile Safari/537.36",
                "Chrome sur Android",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 15_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/15.0 Mobile/15E148 Safari/604.1",
                "Safari sur iPhone",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36 Edg/120.0",
                "Edge sur Windows",
            ),
            ("curl/8", "appareil inconnu"),
        ];
        for (agent, attendu) in cas {
            assert_eq!(appareil(agent), attendu);
        }
    }

    #[test]
    fn une_session_finit_sans_usage_et_en_tout_cas_au_bout_d_un_mois() {
        let debut = Instant::from_micros(0);
        assert_eq!(Session::fin(debut, debut, false), debut.plus_seconds(DUREE_SANS_USAGE));
        let tard = debut.plus_seconds(DUREE_MAX - 60);
        assert_eq!(Session::fin(debut, tard, false), debut.plus_seconds(DUREE_MAX));
        let fin_de_place = debut.plus_seconds(DUREE_PLACE);
        assert_eq!(
            [debut, debut.plus_seconds(3000)].map(|at| Session::fin(debut, at, true)),
            [fin_de_place, fin_de_place]
        );
    }
}
