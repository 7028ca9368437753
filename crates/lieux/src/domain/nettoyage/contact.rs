//! Telephone numbers, e-mails and sites, as people type them.

use comptes::domain::telephone::Plan;

use super::texte::nettoyer;
use crate::domain::{
    contact::{Courriel, SiteWeb, Telephone},
    lieu::ajouter_une_fois,
};

/// Short numbers that cannot be dialled from abroad, with the long one that answers.
const NUMEROS_COURTS: [(&str, &str); 4] = [
    ("3230", "+33969322121"),
    ("3646", "+33184903646"),
    ("3949", "+33177863949"),
    ("3960", "+33971103960"),
];

/// The first number that a text holds, in the plan of its postal code.
pub fn telephone(texte: &str, code_postal: &str) -> Option<Telephone> {
    let texte = nettoyer(texte).replace("(0)", "");
    let groupes = groupes_de_chiffres(&texte);
    groupes
        .iter()
        .flat_map(|groupe| decouper(groupe))
        .find_map(|numero| lire_numero(&numero, code_postal))
}

/// Runs of digits, with their leading `+`; anything else than the usual separators ends a run.
fn groupes_de_chiffres(texte: &str) -> Vec<String> {
    let mut groupes = vec![String::new()];
    for c in texte.chars() {
        let courant = groupes.last_mut().expect("there is always one group");
        match c {
            '0'..='9' => courant.push(c),
            '+' if courant.is_empty() => courant.push(c),
            ' ' | '.' | '-' | '‑' | '_' => {}
            ')' if !courant.is_empty() => {}
            _ if courant.is_empty() => {}
            _ => groupes.push(String::new()),
        }
    }
    groupes.retain(|g| !g.is_empty());
    groupes
}

/// Two numbers written one after the other without a separator are two numbers.
fn decouper(groupe: &str) -> Vec<String> {
    if groupe.len() > 10 && groupe.len().is_multiple_of(10) && groupe.starts_with('0') && !groupe.starts_with("00") {
        let octets = groupe.as_bytes();
        return octets
            .chunks(10)
            .map(|c| c.iter().map(|b| char::from(*b)).collect())
            .collect();
    }
    vec![groupe.to_owned()]
}

fn lire_numero(numero: &str, code_postal: &str) -> Option<Telephone> {
    if let Some((_, long)) = NUMEROS_COURTS.iter().find(|(court, _)| *court == numero) {
        return Telephone::lire(long).ok();
    }
    if numero.trim_start_matches('+').bytes().all(|b| b == b'0') {
        return None;
    }
    let plan = Plan::de(code_postal);
    if numero.starts_with('+') || numero.starts_with("00") {
        return Telephone::lire(numero).ok();
    }
    if let Some(reste) = numero.strip_prefix('0').filter(|r| r.len() == 9) {
        let indicatif = Plan::national(numero).unwrap_or_default().indicatif();
        return Telephone::lire(&format!("{indicatif}{reste}")).ok();
    }
    if numero.len() == 9 && !numero.starts_with('0') {
        return lire_numero(&format!("0{numero}"), code_postal);
    }
    if numero.len() >= 9
        && let Ok(telephone) = Telephone::lire(&format!("+{numero}"))
    {
        return Some(telephone);
    }
    (!plan.est_a_dix_chiffres())
        .then(|| Telephone::lire(&format!("{}{numero}", plan.indicatif())).ok())
        .flatten()
}

/// Every address that a text holds.
pub fn courriels(texte: &str) -> Vec<Courriel> {
    let texte = nettoyer(texte)
        .to_lowercase()
        .replace("mailto:", "")
        .replace("[a]", "@")
        .replace("(at)", "@")
        .replace("[at]", "@")
        .replace(" @ ", "@")
        .replace("@ ", "@")
        .replace(" @", "@")
        .replace("@@", "@");
    let mut lus = Vec::new();
    let separateur = |c: char| c.is_whitespace() || matches!(c, '|' | ';' | ',' | '/' | '<' | '>' | '(' | ')' | '"');
    for morceau in texte.split(separateur) {
        let morceau = morceau.trim_matches(['.', ':', '-', '\'', '’', '_']);
        if let Ok(courriel) = Courriel::lire(morceau) {
            ajouter_une_fois(&mut lus, courriel);
        }
    }
    lus
}

/// Every site that a text holds.
pub fn sites_web(texte: &str) -> Vec<SiteWeb> {
    let mut lus = Vec::new();
    for morceau in morceaux_de_sites(&nettoyer(texte)) {
        if let Some(site) = site_web(&morceau) {
            ajouter_une_fois(&mut lus, site);
        }
    }
    lus
}

/// Cuts at the separators that people put between two sites, and before a second scheme glued to the first.
fn morceaux_de_sites(texte: &str) -> Vec<String> {
    let espace = texte
        .replace(" http", "|http")
        .replace(";http", "|http")
        .replace(",http", "|http")
        .replace(" - ", "|")
        .replace(" et ", "|")
        .replace(" ou ", "|")
        .replace(" / ", "|");
    espace
        .split(['|', ';', ' '])
        .map(|m| m.trim_matches([',', '"', '<', '>', '(', ')']).to_owned())
        .filter(|m| !m.is_empty())
        .collect()
}

/// The site that a text names, with its scheme mended.
pub fn site_web(texte: &str) -> Option<SiteWeb> {
    let texte = texte.trim().trim_end_matches(['.', ',', ';']);
    let (schema, reste) = separer_schema(texte);
    let reste = mettre_en_minuscules(reste)
        .replace('(', "%28")
        .replace(')', "%29")
        .replace("www,", "www.")
        .replace("www:", "www.");
    if reste.contains('@') && !reste.contains('/') {
        return None;
    }
    SiteWeb::lire(&format!("{schema}{reste}")).ok()
}

/// The scheme, however misspelt, and the rest; `http://https//:` counts once.
fn separer_schema(texte: &str) -> (&'static str, &str) {
    const FAUTES: [(&str, &str); 13] = [
        ("https://", "https://"),
        ("http://", "http://"),
        ("https//:", "https://"),
        ("http//:", "http://"),
        ("https//", "https://"),
        ("http//", "http://"),
        ("https:/", "https://"),
        ("http:/", "http://"),
        ("https:", "https://"),
        ("http:", "http://"),
        ("ttps://", "https://"),
        ("ttp://", "http://"),
        ("//", "https://"),
    ];
    let (mut schema, mut reste) = ("https://", texte);
    let mut trouve = false;
    while let Some((faute, juste)) = FAUTES
        .iter()
        .find(|(faute, _)| reste.get(..faute.len()).is_some_and(|d| d.eq_ignore_ascii_case(faute)))
    {
        (schema, reste, trouve) = (juste, &reste[faute.len()..], true);
    }
    // Without a scheme the old web answers more often than the new one refuses.
    (if trouve { schema } else { "http://" }, reste)
}

/// The host in lower case; the path keeps its own, which some servers tell apart.
fn mettre_en_minuscules(reste: &str) -> String {
    let fin = reste.find(['/', '?', '#']).unwrap_or(reste.len());
    format!("{}{}", reste[..fin].to_lowercase(), &reste[fin..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn un_telephone_se_lit_malgre_ses_ornements() {
        for (texte, code_postal, attendu) in [
            ("Tél : 04.76.12.34.56", "38000", "+33476123456"),
            ("04 76 12 34 56 / 06 12 34 56 78", "38000", "+33476123456"),
            ("33630392518", "16140", "+33630392518"),
            ("326533780", "51200", "+33326533780"),
            ("0590 12 34 56", "97100", "+590590123456"),
            ("0692123456", "97400", "+262692123456"),
            ("241541", "98800", "+687241541"),
            ("3230", "38000", "+33969322121"),
            ("+33 (0)4 76 12 34 56", "38000", "+33476123456"),
            ("0476123456 0612345678", "38000", "+33476123456"),
            ("(+33)476123456", "38000", "+33476123456"),
        ] {
            assert_eq!(
                telephone(texte, code_postal).map(String::from).as_deref(),
                Some(attendu),
                "{texte}"
            );
        }
        for texte in ["", "0000000000", "12", "sur demande", "00", "0476"] {
            assert_eq!(telephone(texte, "38000"), None, "{texte}");
        }
    }

    #[test]
    fn plusieurs_courriels_dans_une_case_sont_tous_lus() {
        let lus = courriels("mailto:Accueil@Ville.fr ou contact [a] asso.org; pas-un-courriel, accueil@ville.fr");
        let textes: Vec<&str> = lus.iter().map(Courriel::as_str).collect();
        assert_eq!(textes, ["accueil@ville.fr", "contact@asso.org"]);
        assert_eq!(courriels("a.b@c.fr et d.e@f.fr").len(), 2);
        assert_eq!(courriels(".nom@ville.fr")[0].as_str(), "nom@ville.fr");
    }

    #[test]
    fn un_site_retrouve_son_schema() {
        for (texte, attendu) in [
            ("abracodabra.fr", "http://abracodabra.fr"),
            ("HTTP://WWW.Ville.FR/Accueil", "http://www.ville.fr/Accueil"),
            ("https//:ville.fr", "https://ville.fr"),
            ("http:/ville.fr", "http://ville.fr"),
            ("http://https://ville.fr", "https://ville.fr"),
            ("www,ville.fr", "http://www.ville.fr"),
            ("https://ville.fr/a(26)", "https://ville.fr/a%2826%29"),
        ] {
            assert_eq!(site_web(texte).map(String::from).as_deref(), Some(attendu), "{texte}");
        }
        for texte in ["non", "a@b.fr", "javascript:alert(1)", "http://", "ville"] {
            assert_eq!(site_web(texte), None, "{texte}");
        }
        assert_eq!(sites_web("https://a.fr/x https://b.fr https://a.fr/x").len(), 2);
    }
}
