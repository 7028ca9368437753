use super::*;
use proptest::prelude::*;

/// `Prénom Nom|usage 1980 contact…`; an underscore is a space inside a name.
fn personne(texte: &str) -> Signalement {
    let mut mots = texte.split(' ').map(|mot| mot.replace('_', " "));
    let (prenom, noms) = (mots.next().unwrap(), mots.next().unwrap());
    let (nom, usage) = noms
        .split_once('|')
        .map_or((noms.as_str(), None), |(n, u)| (n, Some(u)));
    let mut p = Signalement {
        prenom,
        nom: nom.to_owned(),
        nom_usage: usage.map(str::to_owned),
        ..Signalement::default()
    };
    for mot in mots {
        match mot.parse() {
            Ok(annee) if !mot.starts_with('+') => p.naissance = Some(annee),
            _ if mot.contains('@') => p.courriels.push(Adresse {
                courriel: mot,
                confirmee: true,
            }),
            _ => p.telephones.push(mot),
        }
    }
    p
}

const TEL: &str = "+33639981234";

#[test]
fn les_cas_difficiles_ont_leur_verdict() {
    use Verdict::{Aucun, Certain, Probable};
    for (cas, a, b, attendu) in [
        (
            "la même fiche",
            format!("Awa Diallo 1990 {TEL}"),
            format!("Awa Diallo 1990 {TEL}"),
            Certain,
        ),
        (
            "accents et casse",
            format!("Zoé Lefèvre 1990 {TEL}"),
            format!("ZOE LEFEVRE 1990 {TEL}"),
            Certain,
        ),
        (
            "trait d’union",
            format!("Jean-Luc Le_Goff 1971 {TEL}"),
            format!("Jean_Luc LE-GOFF 1971 {TEL}"),
            Certain,
        ),
        (
            "particule collée",
            format!("Anne de_La_Tour 1985 {TEL} a@b.fr"),
            format!("Anne Delatour 1985 {TEL} a@b.fr"),
            Probable,
        ),
        (
            "particule omise",
            format!("Anne d’Arbois 1985 {TEL}"),
            format!("Anne Arbois 1985 {TEL}"),
            Certain,
        ),
        (
            "nom et prénom inversés",
            format!("Paul Martin 1980 {TEL} p@b.fr"),
            format!("Martin Paul 1980 {TEL} p@b.fr"),
            Probable,
        ),
        (
            "nom d’usage déclaré",
            "Marie Dupont|Bernard 1980 m@b.fr".into(),
            "Marie Bernard 1980 m@b.fr".into(),
            Probable,
        ),
        (
            "nom double",
            "Marie Dupont-Bernard 1980 m@b.fr".into(),
            "Marie Dupont 1980 m@b.fr".into(),
            Probable,
        ),
        (
            "nom d’usage inconnu",
            format!("Marie Dupont 1980 {TEL}"),
            format!("Marie Bernard 1980 {TEL}"),
            Probable,
        ),
        (
            "une adresse que l’un prétend être la sienne",
            "Marie Martin 1980 m@a.fr".into(),
            "Marie Martin 1980 m@a.fr".into(),
            Probable,
        ),
        (
            "homonymes de la même année",
            "Marie Martin 1980 a@a.fr".into(),
            "Marie Martin 1980 b@b.fr".into(),
            Probable,
        ),
        (
            "homonymes sans autre point commun",
            "Marie Martin".into(),
            "Marie Martin a@a.fr".into(),
            Aucun,
        ),
        (
            "jumelles à la même adresse",
            format!("Lina Haddad 2001 {TEL} famille@a.fr"),
            format!("Sara Haddad 2001 {TEL} famille@a.fr"),
            Aucun,
        ),
        (
            "jumeaux aux prénoms voisins",
            format!("Louis Roux 2001 {TEL} r@a.fr"),
            format!("Louise Roux 2001 {TEL} r@a.fr"),
            Probable,
        ),
        (
            "père et fils",
            format!("Jean Petit 1950 {TEL} petit@a.fr"),
            format!("Jean Petit 1980 {TEL} petit@a.fr"),
            Aucun,
        ),
        (
            "père et fils sans année",
            format!("Jean Petit {TEL} petit@a.fr"),
            format!("Jean Petit {TEL} petit@a.fr"),
            Probable,
        ),
        (
            "année mal tapée",
            format!("Jean Petit 1987 {TEL} petit@a.fr"),
            format!("Jean Petit 1978 {TEL} petit@a.fr"),
            Probable,
        ),
        (
            "une faute dans le nom",
            format!("Karim Benali 1988 {TEL}"),
            format!("Karim Benalli 1988 {TEL}"),
            Probable,
        ),
        (
            "deux lettres inversées",
            format!("Nadège Thomas 1988 {TEL}"),
            format!("Nadège Thoams 1988 {TEL}"),
            Probable,
        ),
        (
            "prénom composé abrégé",
            format!("Marie-Claire Faure 1968 {TEL}"),
            format!("Marie Faure 1968 {TEL}"),
            Probable,
        ),
        (
            "initiale",
            "M. Faure 1968 m@a.fr".into(),
            "Marie Faure 1968 m@a.fr".into(),
            Probable,
        ),
        (
            "couple et boîte partagée",
            format!("Luc Morel 1970 {TEL} morel@a.fr"),
            format!("Julie Morel 1970 {TEL} morel@a.fr"),
            Aucun,
        ),
        (
            "collègues et accueil",
            "Luc Morel accueil@a.fr".into(),
            "Awa Diallo accueil@a.fr".into(),
            Aucun,
        ),
        (
            "prénoms courts voisins",
            format!("Léa Roy 1999 {TEL}"),
            format!("Léo Roy 1999 {TEL}"),
            Aucun,
        ),
        ("noms vides", " ".repeat(3), " ".repeat(3), Aucun),
    ] {
        let (a, b) = (personne(&a), personne(&b));
        let trouve = rapprocher(&a, &b);
        assert_eq!(trouve.verdict, attendu, "{cas} : {trouve:?}");
        assert_eq!(rapprocher(&b, &a), trouve, "{cas}, dans l’autre ordre");
        if attendu != Aucun {
            let (ici, la) = (cles(&a), cles(&b));
            assert!(ici.iter().any(|cle| la.contains(cle)), "{cas} : {ici:?} et {la:?}");
        }
    }
}

#[test]
fn un_couple_dit_pourquoi() {
    let trouve = rapprocher(
        &personne(&format!("Paul Martin 1980 {TEL}")),
        &personne(&format!("Martin Paul 1980 {TEL}")),
    );
    let motifs: Vec<&str> = trouve.motifs.iter().map(|m| m.libelle()).collect();
    assert_eq!(
        motifs,
        ["prénom et nom inversés", "même année de naissance", "même téléphone"]
    );
    assert_eq!((trouve.score, trouve.verdict), (79, Verdict::Probable));
}

proptest! {
    #[test]
    fn comparer_est_symetrique_et_ne_panique_pas(p in "\\PC{0,12}", n in "\\PC{0,12}", q in "[a-zé -]{0,8}", m in "[a-zé -]{0,8}", x in 1900..2010_i16, y in 1900..2010_i16) {
        let fiche = |prenom: &str, nom: &str, annee| Signalement {
            prenom: prenom.to_owned(), nom: nom.to_owned(), naissance: Some(annee), ..Signalement::default()
        };
        let (a, b) = (fiche(&p, &n, x), fiche(&q, &m, y));
        prop_assert_eq!(rapprocher(&a, &b), rapprocher(&b, &a));
        prop_assert!(rapprocher(&a, &a).verdict <= Verdict::Probable);
    }
}
