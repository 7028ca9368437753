//! The kind of a place, guessed from its name.

use std::sync::LazyLock;

use regex::RegexSet;
use territoire::plier;

use crate::domain::typologie::Typologie::{self, *};

/// What a folded name must contain; words are whole when `\b` says so.
const INDICES: &[(Typologie, &str)] = &[
    (Aci, r"\baci\b|chantiers? d insertion"),
    (Aciphc, r"\baciphc\b|premieres heures en chantier"),
    (Afpa, r"\bafpa\b|formation professionnelle des adultes"),
    (Ai, r"\bassociation intermediaire\b"),
    (Ase, r"\baide sociale a l enfance\b"),
    (
        Asso,
        r"\basso(ciation)?s?\b|\bassociati(f|ve)s?\b|\bligue (de )?(l |d )enseignement|\bkonexio\b|\bgroupe sos\b|\bapf\b|\bfamilles? rurales?\b|\bcoallia\b|\brest(os?|aurants?) du coeur|\bemmaus\b|\bsecours (populaire|catholique)|\bcroix rouge\b|\bligue de l enseignement|\bfoyer rural\b|\bapprentis d auteuil\b|\bwimoov\b|\bsolidarites? nouvelles",
    ),
    (AssoChomeur, r"\bassociation de chomeurs|\bmaison des chomeurs"),
    (Avip, r"\bavip\b|\bvocation d insertion professionnelle"),
    (Bib, r"\bbib\b|\bbibli|\bmediat+[eh]|\bmediatek"),
    (Caarud, r"\bcaarud\b|reduction (de|des) risques pour usagers"),
    (Cada, r"\bcada\b|\baccueil (de |des |pour )?demandeurs? d asile"),
    (Caf, r"\bcaf\b|\ballocations? familiales?"),
    (CapEmploi, r"\bcap emploi\b"),
    (Cava, r"\bcava\b|adaptation a la vie active"),
    (
        Cc,
        r"\bcommunaute (de |des )?communes?\b|\bcommunaute intercommunale|^cc (de|du|des|d|l|la|le|les)\b|\bcdc (de|du|des|d)\b|\bcom com\b|\bcomcom\b",
    ),
    (Ccas, r"\bccas\b|\bc(en)?t(re|e) com(mun\w*)? (d )?actions? sociales?"),
    (Ccons, r"\bconsul(at|aire)"),
    (Cd, r"\bcon?seils? (dep\w*|general)|\bcdad\b|\bcd ?[0-9]{2}\b"),
    (Cdas, r"\bcdas\b|\bcentre departemental d action sociale"),
    (
        Cfp,
        r"\bcfp\b|\bfinances? publi(c|que)s?\b|\btresor public|\btresorerie\b|\bcentre des impots",
    ),
    (Chrs, r"\bchrs\b|\bhebergement et (de )?re ?insertion"),
    (Chu, r"\bchu\b|\bcentre (d )?hebergement (d )?urgence"),
    (Cias, r"\bcias\b|\bc(en)?tre intercom\w* (d )?actions? sociales?"),
    (Cidff, r"\bcidff|\bdroits des femmes"),
    (Citmet, r"\bcite (de |des |d )?.*\b(metiers?|emplois?)\b"),
    (Cmp, r"\bcmp\b|\bmedico psycho"),
    (Cms, r"\bcms\b|\bmedico social|\bmedicosocial"),
    (Cpam, r"\bcpam\b|\bcaisse primaire|\bassurance maladie\b"),
    (Cph, r"\bcph\b|\bprovisoire d hebergement"),
    (
        Cs,
        r"\bcs\b|\bc(en)?t(re|e)s? soc(iaux|iale?)?\b|\bespaces? socia(l|ux)\b|\bmaison sociale\b",
    ),
    (Csapa, r"\bcsapa\b|prevention en addictologie"),
    (
        Csc,
        r"\bcsc\b|\bsocio ?c\w*tur|\bsociale?s? (et )?culturel|\bcentres? culturels?\b|\bc(en)?tre soc\w* cult",
    ),
    (Deets, r"\bd[dr]?i?e?ets(pp)?\b|\bemploi du travail et des solidarites"),
    (Dept, r"\bdepartement\b|\bdpt\b|\bdept\b|\bservice social departemental"),
    (Diplp, r"\bdiplp\b|\blutte contre la pauvrete"),
    (E2c, r"\be2c\b|\becole (de la )?(deuxieme|seconde|2e|2eme|2nde) chance"),
    (Ea, r"\bentreprises? adaptees?\b"),
    (Eatt, r"\beatt\b|\bentreprise adaptee de travail temporaire"),
    (Ei, r"\bentreprises? d insertion\b"),
    (Eiti, r"\beiti\b|\binsertion par le travail independant"),
    (
        Enm,
        r"\benm\b|\bbus\b|\bvan\b|\bnumerique mobile\b|\bcamion\b|\bcamping car\b|\bcaravane\b|\bnumeribus\b",
    ),
    (Epci, r"\bepci\b|\bintercommunalite"),
    (
        Epi,
        r"\bepi\b|\bespaces? publics? internet|\besp ce (public )?(internet|informatique)|\bespaces? (connecte|internet|informatique)s?\b|\bpoint cyb\b",
    ),
    (Epide, r"\bepide\b|\binsertion dans l emploi\b"),
    (
        Epn,
        r"\bepn\b|\bcyber ?(base|centre|espace|cantine)s?\b|\bespaces? multimedias?\b|\bespaces? (publi\w* )?(du |de )?numeriques?\b",
    ),
    (Es, r"\bepiceries? (sociale|solidaire)s?"),
    (Esat, r"\besat\b|\baide par le travail\b"),
    (Ess, r"\bess\b|\beconomi\w* sociale? et solidaire"),
    (Etti, r"\betti\b|\btravail temporaire\b"),
    (Evs, r"\bevs\b|\b(espace|centre|maison)s? de (la )?vie sociale"),
    (Fablab, r"\bfab ?lab|\bfab at\b|\bfab\b"),
    (Fabrique, r"\bfabriques? (de |du |des )?(numerique|territoire)"),
    (Fais, r"\bfais\b|\bfederation des acteurs de la solidarite"),
    (Ft, r"\bpole emploi\b|\bpoleemploi\b|\bfrance travail\b|\banpe\b"),
    (
        Geiq,
        r"\bgeiq\b|\bgroupement (local )?(d )?employeurs?|\bgroupement pour l insertion",
    ),
    (
        Huda,
        r"\bhuda\b|\bhebergement (d )?urgence (pour |de |des )?demandeurs? d asile",
    ),
    (LaPoste, r"\bla ?poste\b|\bposte\b|\bpostale?s?\b"),
    (Mde, r"\bmde\b|\bmaisons? (de l |de |pour l )(emploi|economie)\b"),
    (Mdef, r"\bmdef\b|\bmaison de l emploi et de la formation"),
    (Mdh, r"\bmdh\b|\bmaisons? (des|de l|de|pour l) habit"),
    (
        Mdph,
        r"\bmdph\b|\bmaison dep\w* (des |de )?(personnes )?handicap|\bmaison departementale de l autonomie",
    ),
    (
        Mds,
        r"\bmdsi?\b|\bmsd\b|\beds\b|\bmds\w?\b|\b(maison|centre|espace|pole)s? dep\w* (de la |des |de |d )?(solidarites?|proximite)|\bmaisons? (de la |des |de )?solidarites?|\bmaison departementale (sociale|d action sociale)",
    ),
    (Mjc, r"\bmjc\b|\bmaisons? (de |des |pour les? )?jeunes\b"),
    (Ml, r"\bml\b|\bmissions? locales?\b|\bmission jeunes\b"),
    (Mq, r"\bmaisons? (de |des |du )?quartiers?\b"),
    (Msa, r"\bmsa\b|\bmutua\w* sociale agricole"),
    (Msap, r"\bmsap\b|\b(maison|relais|espace|point)s? (de|des) services?\b"),
    (
        Muni,
        r"\bmairies?\b|\bmaire\b|^(la )?ville (de|d|du|des)\b|\bmunicipalite|^commune (de|d|du|des)\b|\bagglo(meration)?\b|\bca (de|d|du)\b|\bhotel de ville\b|\bmairie annexe",
    ),
    (Oacas, r"\boacas\b|\bactivites? solidaires?\b"),
    (Odc, r"\bodc\b|\bdelegataire d un conseil departemental"),
    (
        Of,
        r"\borganismes? de formation|\bcentres? de formation|\bgreta\b|\bcfa\b",
    ),
    (Oil, r"\bintermediation locative"),
    (Opcs, r"\bopcs\b|\bclauses? sociales?"),
    (
        Pad,
        r"\bpad\b|\bacces (au|aux) droits?\b|\bmaisons? (de (la )?justice et )?(du|de) droit|\bmaison de (la )?justice|\bmjd\b|\bpoint (de )?justice",
    ),
    (Pension, r"\bpensions? de famille|\bmaison relais\b"),
    (Pi, r"\bpoints? (d )?info(rmation)?s?\b"),
    (
        PijBij,
        r"\b[pbc]r?ij\b|\binfo(rmation)?s? (de la )?jeunes(se)?\b|\bespaces? jeune(s|sse)?\b|\bpoints? (accueil )?jeunes?\b",
    ),
    (Pimms, r"\bpimms?\b|\binformation (et )?mediation multi ?services?"),
    (Pjj, r"\bpjj\b|\bprotection judiciaire"),
    (Plie, r"\bplie\b|\bplan local (pluriannuel )?(pour )?l insertion"),
    (Pref, r"\b(sous )?prefectures?\b"),
    (Prevention, r"\bprevention specialisee"),
    (Reg, r"^(la )?region\b|\bconseil regional"),
    (RelaisLecture, r"\brelais (de )?lecture|\bpoint lecture"),
    (Ressourcerie, r"\bressourceries?\b|\brecycleries?\b"),
    (
        Rfs,
        r"\bm?rfs\b|\b[mpbe]fs\b|\b(maison |reseau |espace |bus )?france services?\b",
    ),
    (
        RsFjt,
        r"\bfjt\b|\bresidences? sociales?|\bfoyers? (de|des|pour) jeunes travailleurs|\bhabitat jeunes",
    ),
    (Scp, r"\bclubs? (de )?prevention|\bservices? (et clubs? )?de prevention"),
    (Spip, r"\bspip\b|\bpenitentiaire d insertion"),
    (TiersLieux, r"\btiers? ?lieux?\b|\bco ?working\b"),
    (Udaf, r"\budaf\b|\bassociations familiales"),
];

/// A kind that another one, more precise, makes void when the same words announce both.
const ECARTES: &[(Typologie, Typologie)] = &[
    (Cs, Csc),
    (Cs, Evs),
    (Ea, Eatt),
    (Etti, Eatt),
    (Mde, Mdef),
    (Chu, Huda),
    (Pi, PijBij),
    (Asso, Ai),
    (Asso, AssoChomeur),
    (Asso, Udaf),
    (Epn, Enm),
    (Epn, Epi),
    (Msap, Rfs),
    (Scp, Prevention),
    (Muni, Ccas),
    (Muni, Cias),
    (Muni, LaPoste),
    (Muni, Bib),
];

static MOTIFS: LazyLock<RegexSet> = LazyLock::new(|| {
    RegexSet::new(INDICES.iter().map(|(_, motif)| motif)).expect("the patterns are constants that the tests run")
});

/// The kinds that a name announces, in the order of the standard.
pub fn deduire(nom: &str) -> Vec<Typologie> {
    let plie = plier(&super::texte::reparer(nom));
    let trouvees: Vec<Typologie> = MOTIFS.matches(&plie).iter().map(|rang| INDICES[rang].0).collect();
    let ecartee = |t: &Typologie| {
        ECARTES
            .iter()
            .any(|(vague, precise)| vague == t && trouvees.contains(precise))
    };
    trouvees.iter().copied().filter(|t| !ecartee(t)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn le_nom_annonce_le_genre() {
        for (nom, attendues) in [
            ("Médiatthèque", &[Bib][..]),
            ("CPAM / CAF du Gers", &[Caf, Cpam]),
            ("Centre Socioculturel", &[Csc]),
            ("CCAS - Ville de Rochefort", &[Ccas]),
            ("Esp@ce informatique", &[Epi]),
            ("point information mediation multi services", &[Pi, Pimms]),
            ("Le Petit Bureau", &[]),
        ] {
            assert_eq!(deduire(nom), attendues, "{nom}");
        }
    }
}
