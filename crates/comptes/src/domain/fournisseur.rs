//! When a sign-in by an identity provider counts as two factors.

/// The means (`amr`, RFC 8176) that say that several factors were shown.
const MOYENS_FORTS: &[&str] = &["mfa"];

/// The levels (`acr`) that ask for two factors: eIDAS substantial and high (Implementing Regulation 2015/1502, annex, 2.2.1), and those
/// of ProConnect.
const NIVEAUX_FORTS: &[&str] = &[
    "eidas0-mfa",
    "eidas1-mfa",
    "eidas2",
    "eidas3",
    "https://proconnect.gouv.fr/assurance/self-asserted-2fa",
    "https://proconnect.gouv.fr/assurance/consistency-checked-2fa",
];

/// Whether the provider says that two factors were shown.
pub fn est_fort(niveau: Option<&str>, moyens: &[String]) -> bool {
    niveau.is_some_and(|niveau| NIVEAUX_FORTS.contains(&niveau))
        || moyens.iter().any(|moyen| MOYENS_FORTS.contains(&moyen.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deux_facteurs_se_lisent_dans_le_niveau_ou_dans_les_moyens() {
        for (niveau, moyens, fort) in [
            (None, "", false),
            (Some("eidas1"), "pwd", false),
            (Some("eidas1"), "pwd mfa", true),
            (Some("eidas2"), "pwd", true),
            (Some("eidas1-mfa"), "", true),
            (Some("https://proconnect.gouv.fr/assurance/self-asserted"), "pwd", false),
            (
                Some("https://proconnect.gouv.fr/assurance/self-asserted-2fa"),
                "pwd",
                true,
            ),
            (Some("EIDAS2"), "MFA", false),
        ] {
            let moyens: Vec<_> = moyens.split(' ').map(str::to_owned).collect();
            assert_eq!(est_fort(niveau, &moyens), fort, "{niveau:?} {moyens:?}");
        }
    }
}
