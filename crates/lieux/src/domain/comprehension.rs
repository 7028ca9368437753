//! What a person means by the words of the search box: a commune, an address in a commune, or the name of a place.

use territoire::{Commune, Referentiel, Trouvee, plier};

/// How many communes are proposed when several answer.
const PROPOSITIONS: usize = 12;

/// Words that start the name of a street.
const VOIES: &[&str] = &[
    "allee",
    "av",
    "avenue",
    "bd",
    "boulevard",
    "chaussee",
    "chemin",
    "cite",
    "cours",
    "esplanade",
    "faubourg",
    "fbg",
    "hameau",
    "impasse",
    "lieu",
    "lot",
    "lotissement",
    "montee",
    "parvis",
    "passage",
    "place",
    "pl",
    "promenade",
    "quai",
    "residence",
    "rond",
    "route",
    "rte",
    "rue",
    "ruelle",
    "sentier",
    "square",
    "traverse",
    "villa",
    "voie",
];

/// What was understood.
#[derive(Debug, Clone, PartialEq)]
pub enum Comprise {
    /// One commune, by its name or its code.
    Commune(&'static Commune),
    /// An address in this commune.
    Adresse(&'static Commune),
    /// The largest of the communes that share a postal code.
    CodePostal(&'static Commune),
    /// Several communes, the best answers first.
    Plusieurs(Vec<&'static Commune>),
    /// No commune: perhaps the name of a place.
    Autre,
}

/// Reads the words of the search box.
pub fn comprendre(texte: &str) -> Comprise {
    let trouvees = Referentiel::embarque().chercher(texte, PROPOSITIONS);
    let exactes = communes(trouvees.iter().filter(|t| t.exacte));
    let code = texte.trim().len() == 5 && texte.trim().bytes().all(|c| c.is_ascii_digit());
    match exactes.iter().copied().max_by_key(|c| c.population) {
        // Neighbours share a code: the list around the largest shows them all.
        Some(commune) if code && exactes.len() > 1 => return Comprise::CodePostal(commune),
        Some(_) => return une_ou_plusieurs(exactes),
        None => {}
    }
    if est_une_adresse(texte) {
        return Referentiel::embarque()
            .commune_dans(texte)
            .map_or(Comprise::Autre, Comprise::Adresse);
    }
    match communes(trouvees.iter()) {
        aucune if aucune.is_empty() => Comprise::Autre,
        proposees => une_ou_plusieurs(proposees),
    }
}

fn une_ou_plusieurs(mut communes: Vec<&'static Commune>) -> Comprise {
    match communes.len() {
        1 => Comprise::Commune(communes.remove(0)),
        _ => Comprise::Plusieurs(communes),
    }
}

fn communes<'a>(trouvees: impl Iterator<Item = &'a Trouvee<'static>>) -> Vec<&'static Commune> {
    let mut communes: Vec<&'static Commune> = Vec::new();
    for trouvee in trouvees {
        if communes.iter().all(|c| c.code != trouvee.commune.code) {
            communes.push(trouvee.commune);
        }
    }
    communes
}

/// Whether a text starts with a number in a street, or names a kind of street.
pub fn est_une_adresse(texte: &str) -> bool {
    let pli = plier(texte);
    let mut mots = pli.split_whitespace();
    let premier = mots.next().unwrap_or_default();
    let numero = premier.len() <= 4 && premier.starts_with(|c: char| c.is_ascii_digit());
    let suite = mots.next().is_some();
    suite && (numero || pli.split_whitespace().any(|mot| VOIES.contains(&mot)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn la_boite_de_recherche_comprend_communes_codes_et_adresses() {
        let resume = |texte: &str| match comprendre(texte) {
            Comprise::Commune(c) => format!("commune {}", c.nom),
            Comprise::Adresse(c) => format!("adresse à {}", c.nom),
            Comprise::CodePostal(c) => format!("code postal de {}", c.nom),
            Comprise::Plusieurs(communes) => format!("plusieurs, dont {}", communes[0].nom),
            Comprise::Autre => "autre".to_owned(),
        };
        let cas = [
            ("Lyon", "commune Lyon"),
            ("bourg en bresse", "commune Bourg-en-Bresse"),
            ("01000", "code postal de Bourg-en-Bresse"),
            ("Saint-Denis", "plusieurs, dont Saint-Denis"),
            ("12 rue de la République, 69001 Lyon", "adresse à Lyon"),
            ("3 place de la mairie Viriat", "adresse à Viriat"),
            ("8 avenue de Paris", "adresse à Paris"),
            ("rue qui n’existe nulle part", "autre"),
            ("médiathèque zzyzx", "autre"),
            ("", "autre"),
        ];
        for (texte, attendu) in cas {
            assert_eq!(resume(texte), attendu, "{texte}");
        }
    }
}
