//! The mappings that come with the program.

use std::sync::LazyLock;

use super::Correspondance;

/// Name and text of each shipped mapping.
const FICHIERS: [(&str, &str); 9] = [
    (
        "aix-en-provence",
        include_str!("../../../correspondances/aix-en-provence.toml"),
    ),
    ("angers", include_str!("../../../correspondances/angers.toml")),
    (
        "bus-france-services-charente",
        include_str!("../../../correspondances/bus-france-services-charente.toml"),
    ),
    ("corse", include_str!("../../../correspondances/corse.toml")),
    ("epernay", include_str!("../../../correspondances/epernay.toml")),
    ("fibre-64", include_str!("../../../correspondances/fibre-64.toml")),
    ("gironde", include_str!("../../../correspondances/gironde.toml")),
    ("hub-lo", include_str!("../../../correspondances/hub-lo.toml")),
    ("la-creuse", include_str!("../../../correspondances/la-creuse.toml")),
];

/// Every shipped mapping, by name.
pub fn prereglages() -> &'static [(&'static str, Correspondance)] {
    static LUS: LazyLock<Vec<(&str, Correspondance)>> = LazyLock::new(|| {
        let lire = |(nom, texte): (&'static str, &str)| {
            let lue = Correspondance::lire(texte).expect("a test reads every shipped mapping");
            (nom, lue)
        };
        FICHIERS.into_iter().map(lire).collect()
    });
    &LUS
}

/// The mapping whose signature the columns hold whole; the longest signature wins.
pub fn reconnaitre(colonnes: &[String]) -> Option<(&'static str, &'static Correspondance)> {
    let convient = |correspondance: &Correspondance| correspondance.signature.iter().all(|c| colonnes.contains(c));
    prereglages()
        .iter()
        .filter(|(_, c)| !c.signature.is_empty() && convient(c))
        .max_by_key(|(_, c)| c.signature.len())
        .map(|(nom, c)| (*nom, c))
}
